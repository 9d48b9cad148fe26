import { messageOf, ModelError, RetryLaterError } from "../errors.ts";
import type { RowAnswer } from "../model/run.ts";

/** A failure as a row's result carries it. */
export function rowError(error: unknown): NonNullable<RowAnswer["error"]> {
  return {
    kind: error instanceof ModelError ? error.kind : "failed",
    message: messageOf(error),
    transient: (error instanceof ModelError && error.retryable) || error instanceof RetryLaterError,
  };
}
