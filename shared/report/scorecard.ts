import type { LedgerEntry } from "../model/release.ts";
import type { ReportView, RowView } from "../model/report-view.ts";
import { rowKey } from "../model/row-key.ts";
import type { Report, Verdict } from "../model/run.ts";
import type {
  Decision,
  DataFile,
  EvidenceLink,
  FailedRow,
  Scorecard,
  TablesSection,
  UseSection,
} from "../model/scorecard.ts";
import {
  type SnapshotFile,
  type SuiteManifest,
  type VersionManifest,
  versionName,
} from "../model/version.ts";
import { evidenceSections } from "./evidence-sections.ts";
import { guardrailStatements } from "./guardrail-statements.ts";
import { outcomeWords } from "./outcome-words.ts";
import { plainCharacters } from "./plain-characters.ts";

/** What is stored of a version. */
export interface ScorecardSources {
  manifest: VersionManifest;
  /** The run that judged it last, with the suite that it was judged by; undefined: none has. */
  judged: { suite: SuiteManifest; verdict: Verdict; report: Report; view: ReportView } | undefined;
  /** The flow's, oldest first. */
  ledger: readonly LedgerEntry[];
  chainIntact: boolean;
  /** The version that serves. */
  serving: string | undefined;
}

/** Answers that people labelled lie in this file of a suite. */
const LABELS_FILE = "labels.jsonl";

/** A version's scorecard. Pure: the same sources give the same card. */
export function scorecard({ manifest, judged, ledger, chainIntact, serving }: ScorecardSources): Scorecard {
  const { flow, id, createdAt, commit } = manifest;
  const entries = ledger.filter(({ version, from }) => version === id || from === id);
  const ofRun = entries.filter(({ run }) => run !== undefined && run === judged?.verdict.run);
  const evidence: EvidenceLink[] = judged
    ? [{ kind: "run", run: judged.verdict.run }, ...ofRun.slice(0, 1).map(ledgerLink)]
    : [];
  // An entry names the version and its suite by the hashes of their files, so it vouches for what stands in them.
  const naming = [...ofRun, ...entries.filter(({ version }) => version === id)].slice(0, 1).map(ledgerLink);
  return {
    flow,
    version: id,
    createdAt,
    commit,
    headline: headlineOf(manifest, judged?.verdict, serving),
    outcome: judged?.verdict.outcome,
    chainIntact,
    use: useOf(judged?.suite, ofRun),
    data: dataOf(manifest, judged?.suite, naming),
    results: {
      evidence,
      missing: judged ? undefined : "No run has judged this version.",
      headline: judged?.view.headline,
      requirements: judged?.view.requirements ?? [],
      metrics: judged?.view.metrics ?? [],
      notices: judged?.view.notices ?? [],
      answeredBy: judged?.view.models.chat,
      judgedBy: judged?.view.models.judge,
    },
    fairness: tables(judged?.report, "fairness", evidence),
    guardrails: {
      evidence: [{ kind: "version", version: id }, ...naming],
      missing: manifest.definition.guardrails
        ? undefined
        : "The flow declares no guardrail: add guardrails to flow.yaml.",
      statements: guardrailStatements(manifest.definition.guardrails),
    },
    calibration: tables(judged?.report, "calibration", evidence),
    failures: {
      evidence,
      missing: failuresMissing(judged?.view),
      rows: failedRows(judged?.view),
    },
    decisions: entries.map(decisionOf),
  };
}

function headlineOf(
  { flow, id }: VersionManifest,
  verdict: Verdict | undefined,
  serving: string | undefined,
): string {
  const serves = serving === id ? "serves production" : "does not serve production";
  const judged = verdict ? outcomeWords(verdict) : "was not judged";
  return `${versionName(flow, id)} ${serves}; ${judged}`;
}

function useOf(suite: SuiteManifest | undefined, entries: readonly LedgerEntry[]): UseSection {
  const about = suite?.definition.about;
  const link: EvidenceLink[] = suite ? [{ kind: "suite", suite: suite.id }] : [];
  return {
    evidence: [...link, ...entries.slice(0, 1).map(ledgerLink)],
    missing: about
      ? undefined
      : "What it is meant for is not said: add about with intendedUse, notFor and limits to flow.yaml.",
    intendedUse: about && plainCharacters(about.intendedUse),
    notFor: (about?.notFor ?? []).map(plainCharacters),
    limits: (about?.limits ?? []).map(plainCharacters),
    contact: about?.contact && plainCharacters(about.contact),
  };
}

function dataOf(
  manifest: VersionManifest,
  suite: SuiteManifest | undefined,
  naming: readonly EvidenceLink[],
): Scorecard["data"] {
  const { definition, files, id } = manifest;
  const sources = definition.steps.flatMap((step) =>
    step.kind === "lookup" || step.kind === "retrieve" ? [step.source] : [],
  );
  const knowledge = files
    .filter(({ path }) => sources.some((source) => isAt(path, source)))
    .map((file) => dataFile(file, "knowledge", { kind: "version", version: id, path: file.path }));
  const judging = (suite?.files ?? []).flatMap((file): DataFile[] => {
    const dataset = suite?.definition.datasets.find(({ path }) => isAt(file.path, path));
    const purpose = dataset
      ? `${dataset.as} dataset`
      : file.path === LABELS_FILE
        ? "labels of people"
        : "prompt of a judge";
    return [dataFile(file, purpose, { kind: "suite", suite: suite?.id ?? "", path: file.path })];
  });
  return {
    evidence: [...(suite ? [{ kind: "suite", suite: suite.id } as const] : []), ...naming],
    missing: suite ? undefined : "No run has judged this version, so there is no suite.",
    rows: rowWords(suite),
    files: [...judging, ...knowledge],
  };
}

function dataFile({ path, bytes, sha256 }: SnapshotFile, purpose: string, evidence: EvidenceLink): DataFile {
  return { path, purpose, bytes, sha256, evidence };
}

/** A source is a file, or a folder of files. */
function isAt(path: string, source: string): boolean {
  return path === source || path.startsWith(`${source.replace(/\/$/, "")}/`);
}

function rowWords(suite: SuiteManifest | undefined): string {
  const counts = new Map<string, number>();
  for (const { as, rows } of suite?.buckets ?? []) counts.set(as, (counts.get(as) ?? 0) + rows);
  const words = [...counts].map(([as, rows]) => `${rows} ${as} rows`);
  if (suite?.labels) words.push(`${suite.labels} answers that people labelled`);
  return words.join(", ");
}

const UNMEASURED = {
  fairness: "No comparison of groups is asked for: add fairness to the gate of flow.yaml.",
  calibration:
    "No answer is labelled by people, so nothing tells how far the judge can be believed. Label some: flowgate label.",
};

function tables(
  report: Report | undefined,
  part: keyof typeof UNMEASURED,
  evidence: EvidenceLink[],
): TablesSection {
  const sections = report ? evidenceSections({ [part]: report[part] ?? [] }) : [];
  const missing = report ? UNMEASURED[part] : "No run has judged this version.";
  return { evidence, missing: sections.length > 0 ? undefined : missing, tables: sections };
}

/** The rows that a report shows are its worst, and may be good all the same. */
function hasFailed({ error, refusal, scores }: RowView): boolean {
  return error !== undefined || refusal !== undefined || scores.some(({ passed }) => passed !== true);
}

function failedRows(view: ReportView | undefined): FailedRow[] {
  const { run = "", worst = [] } = view ?? {};
  return worst.filter(hasFailed).map((row) => ({ ...row, evidence: { kind: "run", run, row: rowKey(row) } }));
}

function failuresMissing(view: ReportView | undefined): string | undefined {
  if (!view) return "No run has judged this version.";
  return view.worst.some(hasFailed) ? undefined : "None: no row failed an evaluator.";
}

function decisionOf(entry: LedgerEntry): Decision {
  const { kind, at, actor, reason, commit, run } = entry;
  return {
    kind,
    at,
    actor: plainCharacters(actor),
    reason: plainCharacters(reason),
    commit,
    run,
    evidence: ledgerLink(entry),
  };
}

function ledgerLink({ sequence, hash }: LedgerEntry): EvidenceLink {
  return { kind: "ledger", sequence, hash };
}
