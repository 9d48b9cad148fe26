import { ApiError } from "./api-error.ts";
import { keyWanted } from "./access-key.ts";
import { getText } from "./api.ts";
import { noteConnection } from "./connection.ts";

interface Polling {
  /** Takes an answer and says after how many milliseconds to ask again. */
  onAnswer(text: string): number;
  onRefusal(refusal: ApiError): void;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/**
 * Asks for a path again and again while the tab is visible, ever more slowly where nothing answers, until the function
 * it returns is called. A refusal for want of a key waits until one is given.
 */
export function poll(path: string, { onAnswer, onRefusal }: Polling): () => void {
  // A request under way is left to end: to break it off breaks a connection that others would use again.
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let failures = 0;

  async function ask(): Promise<number | undefined> {
    try {
      const text = await getText(path);
      if (isStopped) return undefined;
      failures = 0;
      noteConnection(true);
      return onAnswer(text);
    } catch (error) {
      if (isStopped) return undefined;
      const refusal = error instanceof ApiError ? error : new ApiError(0, "The answer could not be read.");
      failures += 1;
      noteConnection(refusal.isAnswer);
      onRefusal(refusal);
      if (refusal.status === 401) return undefined;
      return Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
    }
  }

  async function askNow(): Promise<void> {
    clearTimeout(timer);
    if (isAsking || document.hidden || isStopped) return;
    isAsking = true;
    const wait = await ask();
    isAsking = false;
    if (wait !== undefined && !isStopped) timer = setTimeout(() => void askNow(), wait);
  }

  const onVisible = (): void => void askNow();
  document.addEventListener("visibilitychange", onVisible);
  const unsubscribe = keyWanted.subscribe(() => {
    if (keyWanted.get() === undefined) void askNow();
  });
  void askNow();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onVisible);
    unsubscribe();
  };
}
