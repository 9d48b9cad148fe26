import * as z from "zod";
import type { EvaluatorReference, GateRequirement } from "../model/flow.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { CUSTOM_JUDGE } from "./judge-prompt-path.ts";
import type { FlowDraft } from "./parse-flow.ts";

interface Scale {
  min: number;
  max: number;
}

const ownScale = z.object({
  prompt: z.string(),
  scale: z.object({ min: z.number(), max: z.number() }).optional(),
});
/** The statistics that are on the metric's own scale; the others are counts and shares. */
const ON_SCALE: ReadonlySet<GateRequirement["statistic"]> = new Set(["mean", "p50", "p95", "p99", "max"]);

/**
 * Limits that are off the metric's scale are errors: 0.8 of a score from 1 to 5 lets every answer pass, 4 of a share
 * none. Of losses and gaps as large as the whole scale, which refuse nothing, it warns.
 */
export function checkScales(
  { evaluation, gate, fairness }: Pick<FlowDraft, "evaluation" | "gate" | "fairness">,
  { yaml, findings, known }: FlowContext,
): void {
  const scaleOf = (metric: string): Scale | undefined => {
    const reference = evaluation.evaluators?.find(({ name }) => name === metric);
    return reference && scaleOfEvaluator(reference, known.scales);
  };
  const say = (
    severity: "error" | "warning",
    at: PropertyKey[],
    message: string,
    { min, max }: Scale,
  ): void =>
    findings[severity](FLOW_FILE, yaml.placeOf(at), message, `Its scale goes from ${min} to ${max}.`);

  for (const { metric, statistic, threshold, noWorseThan } of gate) {
    const scale = scaleOf(metric);
    if (scale === undefined || !ON_SCALE.has(statistic)) continue;
    const { min, max } = scale;
    if (threshold && (threshold.value < min || threshold.value > max)) {
      const isAtLeast = threshold.comparison === ">=";
      const who = threshold.value < min === isAtLeast ? "whatever the answers are" : "never";
      say(
        "error",
        ["gate", metric, statistic],
        `${metric}.${statistic} is off its scale, so that it holds ${who}.`,
        scale,
      );
    }
    if (noWorseThan && "absolute" in noWorseThan && noWorseThan.absolute >= max - min) {
      say(
        "warning",
        ["gate", metric, "noWorseThan"],
        `${metric}.noWorseThan: no loss can be more than that.`,
        scale,
      );
    }
  }
  for (const { of, gap, at } of fairness) {
    const scale = scaleOf(of);
    if (scale && gap >= scale.max - scale.min)
      say("warning", [...at, "gap"], `gap: no gap of ${of} can be more than that.`, scale);
  }
  for (const { name, threshold, at, ...reference } of evaluation.evaluators ?? []) {
    const scale = scaleOfEvaluator(reference, known.scales);
    if (scale === undefined || threshold === undefined) continue;
    if (threshold < scale.min || threshold > scale.max) {
      say("error", [...at, "threshold"], `${name}: the threshold is off its scale.`, scale);
    }
  }
}

function scaleOfEvaluator(
  { use, options }: Pick<EvaluatorReference, "use" | "options">,
  scales: Readonly<Record<string, Scale>> | undefined,
): Scale | undefined {
  if (use !== CUSTOM_JUDGE) return scales?.[use];
  // Of options that could not be read it is not known whether they name a scale; they are an error themselves.
  const own = ownScale.safeParse(options).data;
  return own && (own.scale ?? scales?.[use]);
}
