import type { RowView, RequirementView, MetricView, EvidenceSection } from "./report-view.ts";
import type { LedgerKind } from "./release.ts";
import type { VerdictOutcome } from "./run.ts";
import type { Commit } from "./version.ts";

/**
 * `GET /api/flows/{flow}/versions/{version}/scorecard`: what whoever answers for a version's use wants to know of it.
 * Made of nothing but what is stored; each part names where it stands.
 */
export interface Scorecard {
  flow: string;
  version: string;
  /** ISO 8601. */
  createdAt: string;
  commit: Commit | undefined;
  /** `shop@3f9a1c2e8b04 passed its gate and serves production`. */
  headline: string;
  /** Of the run that the results are from; undefined: no run has judged it yet. */
  outcome: VerdictOutcome | undefined;
  /** Whether every entry of the ledger, and its link to the one before, holds. */
  chainIntact: boolean;
  use: UseSection;
  data: DataSection;
  results: ResultsSection;
  fairness: TablesSection;
  guardrails: StatementsSection;
  calibration: TablesSection;
  failures: FailuresSection;
  decisions: Decision[];
}

/** Where a statement stands; `row` is the name of one in the run. A ledger entry carries the hash of the one before, so it cannot be changed unseen. */
export type EvidenceLink =
  | { kind: "ledger"; sequence: number; hash: string }
  | { kind: "run"; run: string; row?: string | undefined }
  | { kind: "suite"; suite: string; path?: string | undefined }
  | { kind: "version"; version: string; path?: string | undefined };

/** `missing`: why there is nothing to say, and what to do about it. */
interface Section {
  evidence: EvidenceLink[];
  missing: string | undefined;
}

export interface UseSection extends Section {
  intendedUse: string | undefined;
  notFor: string[];
  limits: string[];
  contact: string | undefined;
}

export interface DataSection extends Section {
  /** Rows in words: `72 quality rows, 12 safety rows`. */
  rows: string;
  files: DataFile[];
}

export interface DataFile {
  path: string;
  /** `quality dataset`, `knowledge`, `labels of people`. */
  purpose: string;
  bytes: number;
  sha256: string;
  evidence: EvidenceLink;
}

export interface ResultsSection extends Section {
  headline: string | undefined;
  requirements: RequirementView[];
  metrics: MetricView[];
  notices: string[];
  answeredBy: string | undefined;
  judgedBy: string | undefined;
}

export interface TablesSection extends Section {
  tables: EvidenceSection[];
}

export interface StatementsSection extends Section {
  statements: { name: string; text: string }[];
}

export interface FailuresSection extends Section {
  rows: FailedRow[];
}

/** A row of the run, with the place where all of it stands. */
export interface FailedRow extends RowView {
  evidence: EvidenceLink;
}

export interface Decision {
  kind: LedgerKind;
  at: string;
  actor: string;
  reason: string;
  commit: Commit | undefined;
  run: string | undefined;
  evidence: EvidenceLink;
}
