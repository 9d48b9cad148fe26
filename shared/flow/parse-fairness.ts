import type { Counterfactual, FairnessRequirement, JudgePrecondition } from "../model/flow.ts";
import { fairnessEntrySchema, judgingSchema } from "./fairness-schema.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { suggestion } from "./nearest-name.ts";
import { FormatError, parseThreshold } from "./parse-threshold.ts";
import { isFields } from "./prompty-property.ts";
import { wellFormedFields } from "./well-formed-fields.ts";

/** Where an agreement is asked for, and no number of labels that have to show it. */
const LEAST_LABELS = 30;

/** With the path to it in `flow.yaml`. */
export type ReadFairness = FairnessRequirement & { at: PropertyKey[] };

/** Reads `gate.judge` as it is written. What is of another form than the schema asks for has been reported. */
export function parseJudging(written: unknown, context: FlowContext): JudgePrecondition | undefined {
  const fields = wellFormedFields(judgingSchema, written)?.fields;
  if (fields === undefined) return undefined;
  const least = (key: "agreement" | "labels", isValid: (value: number) => boolean): number | undefined =>
    limitOf(fields[key], ">=", ["gate", "judge", key], context, {
      isValid,
      example: key === "agreement" ? '"agreement: >= 0.6", at most 1' : '"labels: >= 30", a whole number',
    });
  const agreement = least("agreement", (value) => value <= 1);
  const labels = least("labels", Number.isInteger);
  // An agreement of a few labels is one by chance.
  return { agreement, labels: labels ?? (agreement === undefined ? undefined : LEAST_LABELS) };
}

/** Reads `gate.fairness`: one entry or a list. `measured` are the metrics of the flow. */
export function parseFairness(
  written: unknown,
  measured: readonly string[],
  counterfactuals: readonly Counterfactual[],
  context: FlowContext,
): ReadFairness[] {
  const { yaml, findings } = context;
  const listed: unknown[] = Array.isArray(written) ? written : written === undefined ? [] : [written];
  return listed.flatMap((entry, index): ReadFairness[] => {
    const at: PropertyKey[] = ["gate", "fairness", ...(Array.isArray(written) ? [index] : [])];
    const read = wellFormedFields(fairnessEntrySchema, entry);
    if (read === undefined) return [];
    const { of, by, counterfactual, gap } = read.fields;
    if (!read.broken.has("by") && !read.broken.has("counterfactual")) {
      if ((by === undefined) === (counterfactual === undefined)) {
        const message = "A gap is either by a field or of a counterfactual.";
        findings.error(FLOW_FILE, yaml.placeOf(at), message, "Name one of the two: by: customer.region.");
      }
    }
    if (of !== undefined && !measured.includes(of)) {
      const message = `The gate asks for a gap of ${of}, which nothing measures.`;
      findings.error(FLOW_FILE, yaml.placeOf([...at, "of"]), message, suggestion(of, measured, "metrics"));
    }
    const names = counterfactuals.map(({ name }) => name);
    if (counterfactual !== undefined && !names.includes(counterfactual)) {
      const message = `There is no counterfactual ${counterfactual}.`;
      const remedy = suggestion(counterfactual, names, "counterfactuals");
      findings.error(FLOW_FILE, yaml.placeOf([...at, "counterfactual"]), message, remedy);
    }
    const most = limitOf(gap, "<=", [...at, "gap"], context, {
      metric: of ?? "",
      isValid: (value) => value > 0,
      example: '"<= 0.3", above 0',
    });
    if (of === undefined || most === undefined) return [];
    if (by !== undefined) return [{ of, by, gap: most, at }];
    return counterfactual === undefined ? [] : [{ of, counterfactual, gap: most, at }];
  });
}

/** A threshold that has one direction only; a bare number has it too. */
function limitOf(
  written: string | number | undefined,
  direction: ">=" | "<=",
  at: PropertyKey[],
  { yaml, findings }: FlowContext,
  {
    metric = "",
    isValid,
    example,
  }: { metric?: string; isValid: (value: number) => boolean; example: string },
): number | undefined {
  if (written === undefined) return undefined;
  const text = String(written).trim();
  const name = String(at.at(-1));
  try {
    const compared = /^[<>=]/.test(text) ? text : `${direction} ${text}`;
    const { comparison, value } = parseThreshold(compared, metric, "mean");
    if (comparison === direction && isValid(value)) return value;
    const message = `${name}: ${JSON.stringify(written)} does not fit.`;
    findings.error(FLOW_FILE, yaml.placeOf(at), message, `Write it as ${example}.`);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    findings.error(FLOW_FILE, yaml.placeOf(at), `${name}: ${error.message}`, `Write it as ${example}.`);
  }
  return undefined;
}

/** The parts of `gate` that are no metric's. */
const GATE_PARTS = ["judge", "fairness"] as const;

export function metricsOfGate(gate: unknown): Record<string, unknown> {
  if (!isFields(gate)) return {};
  const parts: readonly string[] = GATE_PARTS;
  return Object.fromEntries(Object.entries(gate).filter(([name]) => !parts.includes(name)));
}
