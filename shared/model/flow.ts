import type { Budget } from "./budget.ts";
import type { Guardrails } from "./guardrails.ts";

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
  /** In the order of the file; a step may use the results of any other. */
  steps: StepDefinition[];
  /** Undefined where the flow declares none. */
  guardrails?: Guardrails | undefined;
  /** What `flowgate compare` tries. No part of the version nor of the suite. */
  variants: VariantAxis[];
  evaluation: EvaluationDefinition;
  /** What one run may spend; undefined: what it takes. No part of the suite: what is measured does not depend on it. */
  budget: Budget | undefined;
  gate: GateRequirement[];
  /** What must hold of a judge before anything that rests on it may pass or fail; undefined: nothing. */
  judging?: JudgePrecondition | undefined;
  /** The gaps between groups that are accepted; undefined where none is asked for. */
  fairness?: FairnessRequirement[] | undefined;
  rollout: Rollout;
  /** What is kept and scored of production's turns; undefined: nothing. No part of the version nor of the suite. */
  monitoring?: Monitoring | undefined;
  /** What its owners say of it; undefined: nothing. Part of the suite. */
  about?: FlowAbout | undefined;
}

/** How production is watched. */
export interface Monitoring {
  /** The share of turns that is kept and scored, from 0 to 1. */
  sample: number;
  /** Names of the flow's evaluators that score them. */
  evaluators: string[];
  /** The least groundedness, 1 to 5, that a guardrail asks of them; undefined: none does. */
  groundedness?: number | undefined;
  /** The most that scoring may spend in a day (UTC). */
  dailyBudget: Budget;
  /** The days after which turns, scores and feedback are deleted. */
  retainDays: number;
}

export type StepDefinition = LookupStep | RetrieveStep | SearchStep | PromptStep;

/** What every step has. Steps run in the order that what they reference asks for, not in that of the file. */
interface StepCommon {
  name: string;
  /** Jinja2 expression over the inputs and the results of other steps; false: the step is skipped, its result null. */
  when?: string;
}

/** Finds the one record of `source` whose field `by` equals the rendered template. */
export interface LookupStep extends StepCommon {
  kind: "lookup";
  /** A JSONL, JSON or CSV file, or a folder of JSON files. */
  source: string;
  by: string;
  /** Jinja2 template over the inputs and the results of other steps. */
  equals: string;
}

/** How records are found: by meaning, by words, or by both ranks fused. */
export type RetrieveMode = "vector" | "keyword" | "hybrid";

/** Finds the `top` records of `source` that fit the rendered query best. */
export interface RetrieveStep extends StepCommon {
  kind: "retrieve";
  source: string;
  query: string;
  top: number;
  /** Undefined is `vector`. */
  mode?: RetrieveMode;
  /** The fields records are searched by; undefined: all. */
  fields?: string[];
  /** The least score of a record that is found: its cosine (vector, hybrid) or its BM25 score (keyword). */
  minimumScore?: number;
}

/** As a `RetrieveStep`, in an index of a search service that the settings name. */
export interface SearchStep extends StepCommon {
  kind: "search";
  /** Its name in the settings; never an address. */
  connection: string;
  index: string;
  query: string;
  top: number;
  mode: RetrieveMode;
  /** The index's vector fields; empty in mode `keyword`. */
  fields: string[];
  minimumScore?: number;
}

/** Runs another `.prompty` through the chat model; its answer is the result. */
export interface PromptStep extends StepCommon {
  kind: "prompt";
  prompt: string;
  /**
   * Values for the prompt's inputs; texts in them are Jinja2 templates, and one that is a single `{{ expression }}`
   * passes its value on as it is. What is not named here is taken under its own name.
   */
  inputs: Record<string, unknown>;
  /** Whether its answer counts as a source that the flow's answer may draw on. */
  grounds?: boolean;
}

/** What a flow's owners say of it to whoever has to answer for its use; the scorecard shows it. */
export interface FlowAbout {
  intendedUse: string;
  notFor: string[];
  limits: string[];
  contact: string | undefined;
}

/** One thing that can be varied, such as `prompt`, `model` or `temperature`, and what can take its place. */
export interface VariantAxis {
  /** `prompt`, `model`, or a parameter of the prompt in either dialect. */
  name: string;
  /** For `prompt` the value is a path, for `model` a name. */
  alternatives: { name: string; value: unknown }[];
}

export interface EvaluationDefinition {
  datasets: DatasetReference[];
  evaluators: EvaluatorReference[];
  /** How often every row is answered, each time on its own: 1 or more. */
  trials: number;
  /**
   * The field whose value groups rows that are not independent, such as a conversation or a document. Statistics
   * count groups, not rows. Undefined: every row is its own.
   */
  cluster: string | undefined;
  /** Whether a pass speaks of all that the rows are drawn from; undefined: of the rows alone. */
  scope?: "population" | undefined;
  /** Rows to be made of the datasets' by substituting words; undefined where there are none. */
  counterfactuals?: Counterfactual[] | undefined;
}

/** Words to put in each other's place, so that only what they say of a person changes. */
export interface Counterfactual {
  name: string;
  /** The inputs in which words are swapped; undefined: every text. */
  fields: string[] | undefined;
  /** Pairs of words; the first of each makes one side, the second the other. */
  swap: [string, string][];
}

/** An evaluator as a flow uses it. */
export interface EvaluatorReference {
  /** The metric's name: the evaluator's own, or one the flow gives. */
  name: string;
  /** The evaluator's name in the registry, or `judge` for a `.prompty` of the flow. */
  use: string;
  /** A row passes at this value or on its better side. Undefined: the evaluator's own. */
  threshold?: number;
  /** What this evaluator takes beside the row; checked by its own schema. */
  options?: Record<string, unknown>;
}

/** `safety` datasets run in full and are judged apart from `quality` ones. */
export interface DatasetReference {
  path: string;
  as: "quality" | "safety";
}

/** One line of the gate: what must hold of one metric for a version to pass. */
export interface GateRequirement {
  /** An evaluator's name or an operational metric: latency, input_tokens, output_tokens, cost, errors, refusals. */
  metric: string;
  statistic: Statistic;
  /** Which way the metric's values get better. */
  direction: "higher" | "lower";
  /** Absent where only `noWorseThan` is asked. In the metric's own unit: score, ms, tokens, US dollars, rows. */
  threshold: { comparison: ">=" | "<="; value: number } | undefined;
  /** The loss against the version in production that is still accepted. `relative` 0.2 is 20 %. */
  noWorseThan: { absolute: number } | { relative: number } | undefined;
  /** Where it stands in `flow.yaml`, for messages. */
  line: number;
}

/** The least agreement of a judge with people (Cohen's kappa on pass or fail), and the fewest labels that show it. */
export interface JudgePrecondition {
  agreement: number | undefined;
  labels: number | undefined;
}

/**
 * The largest difference of a metric's mean that is accepted: between groups of rows by a field of theirs or of a record
 * that was looked up, or between rows and their counterfactuals.
 */
export type FairnessRequirement = {
  /** The metric. */
  of: string;
  /** In the metric's own unit. */
  gap: number;
} & ({ by: string; counterfactual?: undefined } | { counterfactual: string; by?: undefined });

/** `passRate` is the share of rows that pass the evaluator; `defects` counts rows that do not. */
export type Statistic = "mean" | "passRate" | "p50" | "p95" | "p99" | "max" | "defects" | "rate";

/** How a version that passes reaches production: everybody at once, or by growing shares of the sessions. */
export type Rollout = { kind: "immediate" } | CanaryRollout;

export interface CanaryRollout {
  kind: "canary";
  /** Shares of the sessions, growing, each above 0 and below 1. */
  steps: number[];
  /** The sessions that the canary must have answered at each step. */
  minSessions: number;
  /** The least and the most that a step lasts. */
  minTimeMs: number;
  maxTimeMs: number;
  /** How long nothing may be heard of the traffic before the canary is paused. */
  quietMs: number;
  /** How long the version is watched after everybody has it; 0: not at all. */
  soakMs: number;
  /** Before the first step, before everybody, or before each. */
  approval: Approval;
  /** How long a pause or a question for approval waits for a person. */
  expiresMs: number;
  /** A turn that takes longer is a defect; undefined: none is. */
  latencyObjectiveMs?: number | undefined;
  /** How much more often than stable the canary may fail: 0.2 is 20 %. */
  margin: number;
  /** Before the first step, the version answers turns that nobody sees; undefined: it does not. */
  shadow?: ShadowPlan | undefined;
}

/** What must be seen of a version that answers unseen before it answers anybody. */
export interface ShadowPlan {
  /** The share of turns that it answers too. */
  share: number;
  /** The turns that must have been compared. */
  minTurns: number;
  /** How far below one half its share of wins may be, a tie being half a win: 0.05 is 5 points. */
  noWorseThan: number;
}

export type Approval = "none" | "first" | "last" | "each";

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
export interface FlowFiles extends ReadonlyMap<string, Uint8Array> {
  /** A file that is too large to be held; undefined for one that is held. `get` reads it whole, each time. */
  large?(path: string): LargeFile | undefined;
  /** Why a file that is there is not among them, as the end of a sentence; undefined for one that is not there. */
  whyRefused?: (path: string) => string | undefined;
}

/** A file that is read piece by piece, and again as often as it is needed. */
export interface LargeFile {
  bytes: number;
  /** From its start on, a quarter of a megabyte at most each; no piece is changed later. */
  pieces(): Iterable<Uint8Array>;
}
