import type { DefectClass } from "./traffic.ts";

/** The outcome of a turn that a model answered. */
export const ANSWERED = "answered";
/** The outcome of a turn that a guardrail answered. */
export const BLOCKED = "blocked";

/** The outcome of a turn whose client left before the answer was whole. */
const ABANDONED = "client_closed_request";
/** The outcome of a turn that the model service's own filter kept from its client. */
const FILTERED = "content_filter";
/** The outcome of a turn that was longer than the model takes. */
const TOO_LONG = "context_length_exceeded";

/** What is no fault of the version nor of what it rests on: the client left, or asked for what nobody answers. */
const NO_FAULT = new Set([ANSWERED, BLOCKED, ABANDONED, FILTERED, TOO_LONG]);

/** Whether a turn that ended so failed. Any other outcome is the code of what failed. */
export function isFailure(outcome: string): boolean {
  return !NO_FAULT.has(outcome);
}

/**
 * What a turn that ended so, after `tookMs`, says against its version beside the other arm. More than failures: users
 * who leave, questions that are too long and those that the service's filter refuses come to both arms alike, unless one
 * of them keeps users waiting, has the longer prompt, or writes what the filter withholds.
 */
export function defectsOf(outcome: string, tookMs: number, latencyObjectiveMs = Infinity): DefectClass[] {
  const defects: DefectClass[] = [];
  if (isFailure(outcome) || outcome === TOO_LONG) defects.push("error");
  if (outcome === ABANDONED) defects.push("abandoned");
  if (outcome === FILTERED) defects.push("guardrail");
  // A refusal is fast whatever the version is; who waited longer and left waited too long.
  if ((outcome === ANSWERED || outcome === ABANDONED) && tookMs > latencyObjectiveMs) defects.push("latency");
  return defects;
}
