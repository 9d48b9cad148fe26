import { LimitError } from "./limit-error.ts";
import type { TemplateError } from "./template-error.ts";

/** More findings than this about one template help nobody. */
const MOST_FOUND = 30;
/** So often it is gone on, also behind places that are known to fail: in a loop they fail in every round. */
const MOST_MET = 1000;

/** A rendering that is to find what fails: it goes on behind each failure, and behind what is not known. */
export interface Trial {
  /** The first failure of each place. */
  readonly failures: readonly TemplateError[];
  /** Whether all was rendered, and nothing passed over. */
  readonly complete: boolean;
  /** Whether nothing that was passed over sets what the rest of the template reads, but for the names of `set`. */
  readonly sure: boolean;
  /** Takes a failure, also one that was taken already. False where rendering must end with it. */
  fail(error: TemplateError): boolean;
  /** Something was passed over; `setsMore`: what would have set more than one name. */
  passOver(setsMore: boolean): void;
}

export function createTrial(): Trial {
  const found = new Map<number | undefined, TemplateError>();
  let met = 0;
  let complete = true;
  let sure = true;
  return {
    get failures() {
      return [...found.values()];
    },
    get complete() {
      return complete;
    },
    get sure() {
      return sure;
    },
    fail(error) {
      met += 1;
      if (!found.has(error.offset)) found.set(error.offset, error);
      return !(error instanceof LimitError) && met < MOST_MET && found.size < MOST_FOUND;
    },
    passOver(setsMore) {
      complete = false;
      if (setsMore) sure = false;
    },
  };
}
