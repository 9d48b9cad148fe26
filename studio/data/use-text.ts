import { useEffect, useState } from "preact/hooks";
import { ApiError, RETRY_MS } from "./api-error.ts";
import { getText } from "./api.ts";
import type { Live } from "./use-live.ts";

/** The text at a path that never changes, such as a file of a version, once something answers; undefined asks nothing. */
export function useText(path: string | undefined): Live<string> {
  const [shown, setShown] = useState<{ path?: string; value?: string; error?: ApiError }>({});
  const [round, setRound] = useState(0);
  const refresh = (): void => setRound((before) => before + 1);
  useEffect(() => {
    if (path === undefined) return undefined;
    let isStopped = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    getText(path).then(
      (value) => !isStopped && setShown({ path, value }),
      (refusal: unknown) => {
        if (isStopped) return;
        const error = refusal instanceof ApiError ? refusal : new ApiError(0, "It could not be read.");
        setShown({ path, error });
        if (error.isPassing) retry = setTimeout(refresh, RETRY_MS);
      },
    );
    return () => {
      isStopped = true;
      clearTimeout(retry);
    };
  }, [path, round]);
  const { value, error } = shown.path === path ? shown : {};
  return { value, error, refresh };
}
