import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "./api-error.ts";
import { keptAnswer, keepAnswer, type KeptAnswer } from "./kept-answers.ts";
import { poll } from "./poll.ts";

/** What a path of the API answers, kept up to date. */
export interface Live<T> {
  /** Undefined until the first answer. */
  value: T | undefined;
  /** A refusal, or that nothing answers; `value` may be there from before. */
  error: ApiError | undefined;
  /** Asks again at once. */
  refresh(): void;
}

interface Shown {
  path: string | undefined;
  answer: KeptAnswer | undefined;
  error?: ApiError;
}

const BUSY_MS = 1_000;
const CALM_MS = 5_000;

/**
 * Polls a path: every second while `isBusy` says that something runs, every five else, or every `everyMs`. Undefined
 * asks nothing. An answer that is the same draws nothing.
 */
export function useLive<T>(
  path: string | undefined,
  {
    isBusy,
    everyMs = CALM_MS,
    isExact = false,
  }: {
    isBusy?: (value: T) => boolean;
    everyMs?: number;
    /** Texts as they are, for who makes more of them than to show them: `plainCharacters` is then the page's to call. */
    isExact?: boolean;
  } = {},
): Live<T> {
  const [shown, setShown] = useState<Shown>({ path, answer: undefined });
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (path === undefined) return undefined;
    return poll(path, {
      onAnswer(text) {
        const answer = keepAnswer(path, text, isExact);
        setShown((before) =>
          before.path === path && before.answer === answer && !before.error ? before : { path, answer },
        );
        return isBusy?.(answer.value as T) === true ? Math.min(BUSY_MS, everyMs) : everyMs;
      },
      onRefusal: (error) => setShown({ path, answer: keptAnswer(path), error }),
    });
  }, [path, round, everyMs]);

  const isThis = shown.path === path && (shown.answer !== undefined || shown.error !== undefined);
  const { answer, error }: Shown = isThis ? shown : { path, answer: keptAnswer(path) };
  return {
    value: answer?.value as T | undefined,
    error,
    refresh: () => setRound((before) => before + 1),
  };
}
