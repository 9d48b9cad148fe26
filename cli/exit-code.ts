import type { VerdictOutcome } from "../shared/model/run.ts";

/** What the command's exit code says. Errors of use, connection and setup are `error`. */
export const EXIT_CODE = { pass: 0, fail: 1, error: 2, inconclusive: 3 } as const satisfies Record<
  VerdictOutcome,
  number
>;

/** Ctrl-C, as shells count it: 128 + SIGINT. */
export const INTERRUPTED = 130;
