import { OPERATIONAL_METRICS } from "./operational-metrics.ts";
import { EVALUATORS } from "./registry.ts";

/** The names a `flow.yaml` may use: of evaluators, and of the metrics measured without one. */
export function knownNames(): { evaluators: string[]; metrics: string[] } {
  return { evaluators: Object.keys(EVALUATORS), metrics: Object.keys(OPERATIONAL_METRICS) };
}
