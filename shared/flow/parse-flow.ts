import type {
  DatasetReference,
  Diagnostic,
  EvaluatorReference,
  FlowDefinition,
  FlowFiles,
  GateRequirement,
} from "../model/flow.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings, hasErrors, START, type Findings } from "./diagnostics.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { normalPath, PATH_REMEDY, pathProblem } from "./flow-paths.ts";
import { flowSchema, STATISTICS, type FlowDocument } from "./flow-schema.ts";
import { nearestName, suggestion } from "./nearest-name.ts";
import { parseEvaluators, type ReadOptions } from "./parse-evaluators.ts";
import { FormatError, parseNoWorseThan, parseThreshold } from "./parse-threshold.ts";
import { parseSteps } from "./parse-steps.ts";
import { parseVariants } from "./parse-variants.ts";
import { parseYaml, type ParsedYaml } from "./parse-yaml.ts";

/** More findings than this about one file help nobody. */
const MAX_REPORTED = 100;

/** The names a flow may use. Metrics are the operational ones: latency, cost, errors, ... */
export interface KnownNames {
  evaluators: readonly string[];
  metrics: readonly string[];
  /** Evaluators that compare with a row's ground truth. */
  needGroundTruth?: readonly string[];
  /** Evaluators of which less is better. */
  lowerIsBetter?: readonly string[];
  /** Undefined: options are taken as they are written. */
  readOptions?: ReadOptions;
  /** The connections of the settings; undefined where they are not known, as on a developer's machine. */
  connections?: readonly string[];
}

/** Parses `flow.yaml`: every problem with its place, every default filled in. No definition where there are errors. */
export function parseFlow(
  files: FlowFiles,
  known: KnownNames,
): {
  definition: FlowDefinition | undefined;
  /** What could be read despite errors, so that the files it names can be checked in the same round. */
  draft: FlowDefinition | undefined;
  diagnostics: Diagnostic[];
} {
  const findings = createFindings();
  const draft = readDefinition(files, known, findings);
  const definition = hasErrors(findings.list) ? undefined : draft;
  return { definition, draft, diagnostics: findings.list };
}

function readDefinition(files: FlowFiles, known: KnownNames, findings: Findings): FlowDefinition | undefined {
  const bytes = files.get(FLOW_FILE);
  if (bytes === undefined) {
    const near = nearestName(FLOW_FILE, files.keys());
    const remedy = near === undefined ? "Add a flow.yaml to the folder." : `Rename ${near} to flow.yaml.`;
    findings.error(FLOW_FILE, START, "The flow has no flow.yaml.", remedy);
    return undefined;
  }
  const text = decodeText(FLOW_FILE, bytes, findings);
  const yaml = text === undefined ? undefined : parseYaml(FLOW_FILE, text, findings);
  if (yaml === undefined) return undefined;
  const parsed = flowSchema.safeParse(yaml.value ?? {});
  if (!parsed.success) {
    for (const issue of parsed.error.issues.slice(0, MAX_REPORTED)) reportIssue(issue, yaml, findings);
  }
  // Whatever part is well formed is checked further, so that one round of mending finds every problem.
  const document: Partial<FlowDocument> = parsed.success ? parsed.data : wellFormedParts(yaml.value);
  const context: Context = { yaml, findings, known };
  const { evaluation } = document;
  const evaluators = evaluation ? parseEvaluators(evaluation.evaluators, known, yaml, findings) : undefined;
  const measured = evaluators ?? known.evaluators.map((name) => ({ name, use: name }));
  return {
    name: document.name ?? "",
    description: document.description,
    prompt: document.prompt === undefined ? "" : checkedPath(document.prompt, ["prompt"], context),
    steps: parseSteps(document.steps, yaml, findings),
    variants: parseVariants(document.variants ?? {}, yaml, findings),
    evaluation: {
      datasets: evaluation ? datasetsOf(evaluation, context) : [],
      evaluators: evaluators ?? [],
      trials: evaluation?.trials ?? 1,
      cluster: evaluation?.cluster,
    },
    gate: gateOf(document.gate ?? {}, measured, context),
    rollout: rolloutOf(document.rollout, context),
  };
}

function wellFormedParts(value: unknown): Partial<FlowDocument> {
  if (typeof value !== "object" || value === null) return {};
  const written = new Map(Object.entries(value));
  const parts = Object.entries(flowSchema.shape).flatMap(([key, schema]) => {
    const part = written.has(key) ? schema.safeParse(written.get(key)) : undefined;
    return part?.success ? [[key, part.data]] : [];
  });
  return Object.fromEntries(parts) as Partial<FlowDocument>;
}

/** How each key is written, for whoever left it out or wrote it otherwise. */
const EXAMPLES: Record<string, string> = {
  name: "name: my-flow",
  description: "description: What the flow is for.",
  prompt: "prompt: chat.prompty",
  steps: 'steps: { documents: { retrieve: knowledge/products.jsonl, query: "{{ question }}" } }',
  variants: "variants: { temperature: { cold: 0, warm: 0.7 } }",
  evaluation: "evaluation: { datasets: [data/questions.jsonl], evaluators: [groundedness] }",
  gate: 'gate: { groundedness: { mean: ">= 4" } }',
};

interface Context {
  yaml: ParsedYaml;
  findings: Findings;
  known: KnownNames;
}

interface Issue {
  code?: string | undefined;
  path: PropertyKey[];
  message: string;
  keys?: string[];
  errors?: Issue[][];
  issues?: Issue[];
}

function reportIssue(issue: Issue, yaml: ParsedYaml, findings: Findings): void {
  if (issue.code === "unrecognized_keys") {
    const messages = issue.message.split("\n");
    for (const [index, key] of (issue.keys ?? []).slice(0, MAX_REPORTED).entries()) {
      const [message = "", remedy] = (messages[index] ?? "").split("|");
      findings.error(FLOW_FILE, yaml.placeOf([...issue.path, key], "key"), message, remedy);
    }
    return;
  }
  if (issue.code === "invalid_union" && issue.errors !== undefined) {
    // The alternative that got furthest is the one that was meant.
    const closest = issue.errors.find((inner) =>
      inner.some(({ path, code }) => path.length > 0 || code === "unrecognized_keys"),
    );
    if (closest !== undefined) {
      for (const inner of closest)
        reportIssue({ ...inner, path: [...issue.path, ...inner.path] }, yaml, findings);
      return;
    }
  }
  const name = issue.path.map(String).join(".");
  const example = EXAMPLES[String(issue.path[0] ?? "name")] ?? EXAMPLES["gate"];
  const missing = issue.code === "invalid_type" && valueAt(yaml.value, issue.path) === undefined;
  const message =
    issue.code === "invalid_key" ? (issue.issues?.[0]?.message ?? issue.message) : issue.message;
  const said = name === "" ? message : `${name}: ${message}`;
  findings.error(
    FLOW_FILE,
    yaml.placeOf(issue.path),
    missing && name !== "" ? `There is no ${name}.` : said,
    `Write it as in ${example}`,
  );
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function checkedPath(written: string, at: PropertyKey[], { yaml, findings }: Context): string {
  const problem = pathProblem(written);
  if (problem !== undefined) findings.error(FLOW_FILE, yaml.placeOf(at), problem, PATH_REMEDY);
  return normalPath(written);
}

function datasetsOf(evaluation: FlowDocument["evaluation"], context: Context): DatasetReference[] {
  const written = evaluation.datasets;
  const listed = Array.isArray(written) ? written : [written];
  return listed.map((entry, index) => {
    const at = ["evaluation", "datasets", ...(Array.isArray(written) ? [index] : [])];
    if (typeof entry === "string") return { path: checkedPath(entry, at, context), as: "quality" };
    return { path: checkedPath(entry.path, [...at, "path"], context), as: entry.as ?? "quality" };
  });
}

function gateOf(
  gate: FlowDocument["gate"],
  measured: readonly EvaluatorReference[],
  context: Context,
): GateRequirement[] {
  const { yaml, findings, known } = context;
  const evaluators = measured.map(({ name }) => name);
  return Object.entries(gate).flatMap(([metric, written]) => {
    const place = yaml.placeOf(["gate", metric], "key");
    if (!evaluators.includes(metric) && !known.metrics.includes(metric)) {
      const unused = known.evaluators.includes(metric);
      const remedy = unused
        ? `Add ${metric} to evaluation.evaluators.`
        : suggestion(metric, [...evaluators, ...known.metrics], "metrics");
      findings.error(FLOW_FILE, place, `The gate asks for ${metric}, which nothing measures.`, remedy);
      return [];
    }
    const use = measured.find(({ name }) => name === metric)?.use;
    const lower = use === undefined || known.lowerIsBetter?.includes(use) === true;
    return requirementsOf(metric, lower ? "lower" : "higher", written, context);
  });
}

function requirementsOf(
  metric: string,
  direction: GateRequirement["direction"],
  written: FlowDocument["gate"][string],
  context: Context,
): GateRequirement[] {
  const { yaml, findings } = context;
  const attempt = <T>(key: string, parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const place = yaml.placeOf(["gate", metric, key]);
      findings.error(FLOW_FILE, place, `${metric}.${key}: ${error.message}`, error.remedy);
      return undefined;
    }
  };
  const lineOf = (key: string): number => yaml.placeOf(["gate", metric, key], "key").line;
  // In the order of the file: a margin belongs to the statistic that is stated first.
  const stated = STATISTICS.filter((statistic) => written[statistic] !== undefined)
    .map((statistic) => ({ statistic, ...yaml.placeOf(["gate", metric, statistic], "key") }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  if (written.rate !== undefined && metric !== "errors" && metric !== "refusals") {
    const remedy = `Write ${metric}: { passRate: ">= 90%" } or ${metric}: { defects: 0 }.`;
    const place = yaml.placeOf(["gate", metric, "rate"], "key");
    findings.error(FLOW_FILE, place, `Only errors and refusals have a rate; ${metric} has none.`, remedy);
  }
  const requirements = stated.map(({ statistic, line }): GateRequirement => {
    const value = written[statistic];
    const threshold = attempt(statistic, () => parseThreshold(value ?? "", metric, statistic));
    return { metric, statistic, direction, threshold, noWorseThan: undefined, line };
  });
  const margin = written.noWorseThan;
  if (margin === undefined) {
    if (requirements.length > 0) return requirements;
    const remedy = `Write it as ${metric}: { mean: ">= 4" }.`;
    findings.error(
      FLOW_FILE,
      yaml.placeOf(["gate", metric], "key"),
      `The gate says nothing about ${metric}.`,
      remedy,
    );
    return [];
  }
  const [first] = requirements;
  const statistic = first?.statistic ?? "mean";
  const noWorseThan = attempt("noWorseThan", () => parseNoWorseThan(margin, metric, statistic));
  if (first === undefined) {
    const line = lineOf("noWorseThan");
    return [{ metric, statistic, direction, threshold: undefined, noWorseThan, line }];
  }
  return [{ ...first, noWorseThan }, ...requirements.slice(1)];
}

function rolloutOf(written: unknown, { yaml, findings }: Context): FlowDefinition["rollout"] {
  if (written === undefined || written === "immediate") return { kind: "immediate" };
  const canary =
    written === "canary" || (typeof written === "object" && written !== null && "canary" in written);
  const message = canary
    ? "canary rollouts are not supported yet; use rollout: immediate"
    : `There is no rollout ${JSON.stringify(written)}.`;
  findings.error(FLOW_FILE, yaml.placeOf(["rollout"]), message, "Write rollout: immediate.");
  return { kind: "immediate" };
}
