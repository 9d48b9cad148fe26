import { useEffect, useState } from "preact/hooks";
import { ApiError } from "./api-error.ts";
import { getText } from "./api.ts";
import type { Live } from "./use-live.ts";

/** The text at a path that never changes, such as a file of a version; undefined asks nothing. */
export function useText(path: string | undefined): Live<string> {
  const [shown, setShown] = useState<{ path?: string; value?: string; error?: ApiError }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === undefined) return undefined;
    let isStopped = false;
    getText(path).then(
      (value) => !isStopped && setShown({ path, value }),
      (refusal: unknown) =>
        !isStopped &&
        setShown({
          path,
          error: refusal instanceof ApiError ? refusal : new ApiError(0, "It could not be read."),
        }),
    );
    return () => {
      isStopped = true;
    };
  }, [path, round]);
  const { value, error } = shown.path === path ? shown : {};
  return { value, error, refresh: () => setRound((before) => before + 1) };
}
