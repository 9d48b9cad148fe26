import type { DatasetReference, EvaluationDefinition, FlowDefinition, GateRequirement } from "./flow.ts";

/** One file of a snapshot. */
export interface SnapshotFile {
  path: string;
  sha256: string;
  bytes: number;
}

/** Who changed what: copied from `.commit.json` where the change came with one. */
export interface Commit {
  repository?: string | undefined;
  commit?: string | undefined;
  branch?: string | undefined;
  author?: string | undefined;
  message?: string | undefined;
  pullRequest?: number | undefined;
  pushId?: string | undefined;
}

/**
 * `registry/<flow>/versions/<id>/manifest.json`. A **version** is an immutable snapshot of the files that change how
 * a flow answers. `id` is the first 12 hex digits of the SHA-256 of `definition` and `files`; written `flow@id`.
 */
export interface VersionManifest {
  flow: string;
  id: string;
  definition: Pick<FlowDefinition, "name" | "prompt" | "steps" | "guardrails">;
  files: SnapshotFile[];
  /** ISO 8601, when this content was first seen, and with which commit. */
  createdAt: string;
  commit: Commit | undefined;
}

/**
 * `registry/<flow>/suites/<id>/manifest.json`. A **suite** is an immutable snapshot of what a flow is judged by.
 * Its rows are stored by bucket (`rows/<bucket>.jsonl`), so that a shard reads one blob and no more.
 */
export interface SuiteManifest {
  flow: string;
  id: string;
  definition: EvaluationDefinition & { gate: GateRequirement[] } & Pick<
      FlowDefinition,
      "judging" | "fairness" | "about"
    >;
  /** The judge is part of the suite: another model or another judge prompt is another suite. */
  judge: { model: string; revisions: Record<string, string> };
  files: SnapshotFile[];
  rows: number;
  /** Groups of rows that are not independent, among the rows of quality datasets, and the rows of the largest. */
  clusters: { count: number; largest: number };
  /** The buckets that hold rows, and of which kind of dataset: a bucket has rows of one kind only. */
  buckets: { name: string; rows: number; as: RowKind }[];
  /** Answers that people labelled, which the judge scores too (`labels.jsonl`); undefined where there are none. */
  labels?: number | undefined;
  createdAt: string;
}

/** What a person says of one answer to a row. */
export interface LabelledAnswer {
  row: DatasetRow;
  answer: string;
  context: string | undefined;
  /** The person's score by metric, on the metric's own scale; the mean where several people scored the answer. */
  scores: Record<string, number>;
  note: string | undefined;
  /** Whether the row was chosen for being hard, and so says nothing of rows in general. */
  hard: boolean;
}

/** One row of a dataset, as evaluated. `id` is the row's own `id` where it has one, else its content's hash. */
export interface DatasetRow {
  id: string;
  /** SHA-256 of the canonical fields: what caching goes by. */
  hash: string;
  /** What it belongs to where it is not independent of other rows; else its own hash. SHA-256. */
  cluster: string;
  dataset: string;
  as: RowKind;
  /** Every field of the row as written: question, ground_truth, customerId, ... */
  fields: Record<string, unknown>;
  /** Of a row that substitutions made: of which row, and which words that one had: the pairs' first or second ones. */
  counterfactual?: { name: string; of: string; from: "first" | "second" } | undefined;
}

/** What a row shows: `counterfactual` is compared with the row it was made of, and counts nowhere else. */
export type RowKind = DatasetReference["as"] | "counterfactual";

/** `flow@id`, the name of a version everywhere people see one. */
export function versionName(flow: string, id: string): string {
  return `${flow}@${id}`;
}
