/** The outcome of a turn that a model answered. */
export const ANSWERED = "answered";
/** The outcome of a turn that a guardrail answered. */
export const BLOCKED = "blocked";

/** What is no fault of the version nor of what it rests on: the client left, or asked for what nobody answers. */
const NO_FAULT = new Set([
  ANSWERED,
  BLOCKED,
  "client_closed_request",
  "content_filter",
  "context_length_exceeded",
]);

/** Whether a turn that ended so failed. Any other outcome is the code of what failed. */
export function isFailure(outcome: string): boolean {
  return !NO_FAULT.has(outcome);
}
