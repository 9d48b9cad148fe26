import { EVALUATORS } from "../evaluators/registry.ts";
import type { Statistic } from "../model/flow.ts";

/** Whether less of this statistic is better: of passing rows never, of defects always, else as the evaluator says. */
export function isLowerBetter(metric: string, statistic: Statistic): boolean {
  if (statistic === "passRate") return false;
  if (statistic === "defects") return true;
  const evaluator = Object.values(EVALUATORS).find((known) => known.name === metric);
  return evaluator ? evaluator.direction === "lower" : true;
}
