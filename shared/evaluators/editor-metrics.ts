import type { EditorMetric } from "../flow/editor-schemas.ts";
import { OPERATIONAL_METRICS } from "./operational-metrics.ts";
import { EVALUATORS } from "./registry.ts";

/** Everything a flow may be measured by, with what editors say of it. */
export function editorMetrics(): EditorMetric[] {
  return [
    ...Object.values(EVALUATORS).map(({ name, help, scale, threshold, options }) => ({
      name,
      help: `${help} From ${scale.min} to ${scale.max}; a row passes at ${threshold}.`,
      evaluator: true,
      ...(options === undefined ? {} : { options }),
    })),
    ...Object.values(OPERATIONAL_METRICS).map(({ name, help, unit }) => ({
      name,
      help: unit === "rows" ? help : `${help} In ${UNIT_WORDS[unit]}.`,
      evaluator: false,
    })),
  ];
}

const UNIT_WORDS = { ms: "milliseconds, or as 4s", tokens: "tokens", USD: "US dollars" };
