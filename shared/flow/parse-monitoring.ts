import type { Monitoring } from "../model/flow.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { MONITORING_DEFAULTS, monitoringSchema } from "./monitoring-schema.ts";
import { suggestion } from "./nearest-name.ts";
import { parseBudget } from "./parse-budget.ts";
import type { ReadEvaluator } from "./parse-evaluators.ts";
import { SHARE } from "./rollout-schema.ts";
import { wellFormedFields } from "./well-formed-fields.ts";

/**
 * Reads `monitoring` with every default filled in; undefined where there is none. What is of another form than its
 * schema asks for has been reported. `listed`: the evaluators of `evaluation`; undefined where they cannot be read.
 * `grounded`: what a guardrail asks of sampled answers; of two shares the larger is sampled.
 */
export function parseMonitoring(
  written: unknown,
  listed: readonly ReadEvaluator[] | undefined,
  grounded: { sample: string | number; atLeast: number } | undefined,
  { yaml, findings, known }: Pick<FlowContext, "yaml" | "findings" | "known">,
): Monitoring | undefined {
  if (written === undefined && grounded === undefined) return undefined;
  const read = wellFormedFields(monitoringSchema, written)?.fields ?? {};
  const budget = read.dailyBudget && parseBudget(read.dailyBudget);
  const scorable = listed?.filter(({ use }) => known.needDataset?.includes(use) !== true);
  for (const [index, name] of (read.evaluators ?? []).entries()) {
    if (listed === undefined || scorable?.some((evaluator) => evaluator.name === name)) continue;
    const place = yaml.placeOf(["monitoring", "evaluators", index]);
    const names = (scorable ?? []).map((evaluator) => evaluator.name);
    if (listed.some((evaluator) => evaluator.name === name)) {
      const message = `${name} compares with what only a dataset has, which a turn of production lacks.`;
      findings.error(
        FLOW_FILE,
        place,
        message,
        names.length > 0
          ? `Take it out of monitoring. It could have ${names.join(", ")}.`
          : "Take it out of monitoring. Add an evaluator that needs no dataset, such as relevance, to score turns.",
      );
    } else {
      const message = `${name} is no evaluator of evaluation.evaluators.`;
      findings.error(FLOW_FILE, place, message, suggestion(name, names, "evaluators"));
    }
  }
  return {
    sample: Math.max(
      written === undefined ? 0 : shareOf(read.sample ?? MONITORING_DEFAULTS.sample),
      grounded ? shareOf(grounded.sample) : 0,
    ),
    evaluators: written === undefined ? [] : (read.evaluators ?? (scorable ?? []).map(({ name }) => name)),
    ...(grounded && { groundedness: grounded.atLeast }),
    dailyBudget: budget ?? parseBudget({ tokens: MONITORING_DEFAULTS.dailyTokens }),
    retainDays: read.retainDays ?? MONITORING_DEFAULTS.retainDays,
  };
}

function shareOf(written: string | number): number {
  return typeof written === "number" ? written : Number(SHARE.exec(written)?.[1]) / 100;
}
