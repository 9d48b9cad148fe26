import type { Measurement } from "../evaluator.ts";

/** Closes the reason of what the service found. */
export const BY_SERVICE = "(By Azure AI Content Safety.)";

/** The measurement with a reason that says that a judge model made it. */
export function byJudge({ value, reason }: Measurement): Measurement {
  return { value, reason: `${reason ?? ""} (By the judge model.)`.trim() };
}
