import type { GateRequirement } from "../model/flow.ts";

/** Whether less of this statistic is better: of passing rows never, of defects always, else as the metric says. */
export function isLowerBetter({
  statistic,
  direction,
}: Pick<GateRequirement, "statistic" | "direction">): boolean {
  if (statistic === "passRate") return false;
  return statistic === "defects" || direction === "lower";
}
