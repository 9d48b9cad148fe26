/**
 * The glossary's first page. A **flow** is a named LLM app: a folder of files whose `flow.yaml` says how it
 * answers, how it is judged and how it is released. These are the parsed forms; `shared/flow/` makes them.
 */

/** `flow.yaml` after parsing: every default filled in, every path relative to the flow's folder, `/`-separated. */
export interface FlowDefinition {
  name: string;
  description: string | undefined;
  /** Path of the `.prompty` that answers. */
  prompt: string;
  /** In the order of the file; a step may use the results of those before it. */
  steps: StepDefinition[];
  evaluation: EvaluationDefinition;
  gate: GateRequirement[];
  rollout: Rollout;
}

export type StepDefinition = LookupStep | RetrieveStep;

/** Finds the one record of `source` whose field `by` equals the rendered template. */
export interface LookupStep {
  kind: "lookup";
  name: string;
  /** A JSONL, JSON or CSV file, or a folder of JSON files. */
  source: string;
  by: string;
  /** Jinja2 template over the inputs and the results of earlier steps. */
  equals: string;
}

/** Finds the `top` records of `source` nearest in meaning to the rendered query. */
export interface RetrieveStep {
  kind: "retrieve";
  name: string;
  source: string;
  query: string;
  top: number;
}

export interface EvaluationDefinition {
  datasets: DatasetReference[];
  evaluators: string[];
}

/** `safety` datasets run in full and are judged apart from `quality` ones. */
export interface DatasetReference {
  path: string;
  as: "quality" | "safety";
}

/** One line of the gate: what must hold of one metric for a version to pass. */
export interface GateRequirement {
  /** An evaluator's name or an operational metric: latency, input_tokens, output_tokens, cost, errors. */
  metric: string;
  statistic: Statistic;
  /** Absent where only `noWorseThan` is asked. In the metric's own unit: score, ms, tokens, US dollars, rows. */
  threshold: { comparison: ">=" | "<="; value: number } | undefined;
  /** The loss against the version in production that is still accepted. `relative` 0.2 is 20 %. */
  noWorseThan: { absolute: number } | { relative: number } | undefined;
  /** Where it stands in `flow.yaml`, for messages. */
  line: number;
}

/** `passRate` is the share of rows that pass the evaluator; `defects` counts rows that do not. */
export type Statistic = "mean" | "passRate" | "p50" | "p95" | "p99" | "max" | "defects" | "rate";

export type Rollout = { kind: "immediate" };

/** A finding about a file a user wrote. Lines and columns start at 1. */
export interface Diagnostic {
  severity: "error" | "warning";
  file: string;
  line: number;
  column: number;
  message: string;
  /** What to do about it, in one sentence. */
  remedy: string | undefined;
}

/** The files of one flow, by path relative to its folder. The only way `shared/flow/` sees files. */
export type FlowFiles = ReadonlyMap<string, Uint8Array>;
