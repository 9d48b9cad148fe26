import type { EvaluatorReference, GateRequirement } from "../model/flow.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { requirementSchema, STATISTICS } from "./flow-schema.ts";
import { metricsOfGate } from "./parse-fairness.ts";
import { nearestName, suggestion } from "./nearest-name.ts";
import { FormatError, parseNoWorseThan, parseThreshold } from "./parse-threshold.ts";
import { wellFormedFields, type WellFormed } from "./well-formed-fields.ts";

type Written = WellFormed<typeof requirementSchema>;

/**
 * Reads `gate` as it is written. `evaluators` are those of the flow; undefined where they could not be read, so that
 * each may be among them. What is of another form than the schema asks for has been reported.
 */
export function parseGate(
  gate: unknown,
  evaluators: readonly EvaluatorReference[] | undefined,
  context: FlowContext,
): GateRequirement[] {
  const { yaml, findings, known } = context;
  const scored = evaluators ?? known.evaluators.map((name) => ({ name, use: name }));
  const measured = [...scored.map(({ name }) => name), ...known.metrics];
  const directionOf = (metric: string): GateRequirement["direction"] => {
    const reference = scored.find(({ name }) => name === metric);
    // A judge of the flow's own says it itself.
    const told =
      reference !== undefined && "options" in reference ? reference.options?.["direction"] : undefined;
    if (told === "lower" || told === "higher") return told;
    const use = reference?.use;
    return use === undefined || known.lowerIsBetter?.includes(use) === true ? "lower" : "higher";
  };
  return Object.entries(metricsOfGate(gate)).flatMap(([metric, value]) => {
    const written = wellFormedFields(requirementSchema, value);
    if (measured.includes(metric)) {
      const measure = { metric, direction: directionOf(metric) };
      return written === undefined ? [] : requirementsOf(metric, measure, written, context);
    }
    const unused = known.evaluators.includes(metric);
    const remedy = unused
      ? `Add ${metric} to evaluation.evaluators.`
      : suggestion(metric, measured, "metrics");
    const message = `The gate asks for ${metric}, which nothing measures.`;
    findings.error(FLOW_FILE, yaml.placeOf(["gate", metric], "key"), message, remedy);
    // Its thresholds are checked as those of the metric that is meant, whose unit they have.
    const meant = unused ? metric : nearestName(metric, measured);
    if (meant !== undefined && written !== undefined) {
      requirementsOf(metric, { metric: meant, direction: directionOf(meant) }, written, context);
    }
    return [];
  });
}

/** `name` is how the metric is written. */
function requirementsOf(
  name: string,
  { metric, direction }: Pick<GateRequirement, "metric" | "direction">,
  { fields: written, broken }: Written,
  context: FlowContext,
): GateRequirement[] {
  const { yaml, findings } = context;
  const attempt = <T>(key: string, parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const place = yaml.placeOf(["gate", name, key]);
      findings.error(FLOW_FILE, place, `${name}.${key}: ${error.message}`, error.remedy);
      return undefined;
    }
  };
  const lineOf = (key: string): number => yaml.placeOf(["gate", name, key], "key").line;
  // In the order of the file: a margin belongs to the statistic that is stated first.
  const stated = STATISTICS.filter((statistic) => written[statistic] !== undefined)
    .map((statistic) => ({ statistic, ...yaml.placeOf(["gate", name, statistic], "key") }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  if (written.rate !== undefined && metric !== "errors" && metric !== "refusals") {
    const remedy = `Write ${name}: { passRate: ">= 90%" } or ${name}: { defects: 0 }.`;
    const place = yaml.placeOf(["gate", name, "rate"], "key");
    findings.error(FLOW_FILE, place, `Only errors and refusals have a rate; ${name} has none.`, remedy);
  }
  const requirements = stated.map(({ statistic, line }): GateRequirement => {
    const value = written[statistic];
    const threshold = attempt(statistic, () => parseThreshold(value ?? "", metric, statistic));
    return { metric, statistic, direction, threshold, noWorseThan: undefined, line };
  });
  const margin = written.noWorseThan;
  const [first] = requirements;
  if (margin === undefined) {
    if (first === undefined && broken.size === 0) {
      const remedy = `Write it as ${name}: { mean: ">= 4" }.`;
      const place = yaml.placeOf(["gate", name], "key");
      findings.error(FLOW_FILE, place, `The gate says nothing about ${name}.`, remedy);
    }
    return requirements;
  }
  const statistic = first?.statistic ?? "mean";
  const noWorseThan = attempt("noWorseThan", () => parseNoWorseThan(margin, metric, statistic));
  if (first === undefined) {
    const line = lineOf("noWorseThan");
    return [{ metric, statistic, direction, threshold: undefined, noWorseThan, line }];
  }
  return [{ ...first, noWorseThan }, ...requirements.slice(1)];
}
