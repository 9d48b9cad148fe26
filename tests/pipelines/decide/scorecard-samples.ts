import type { LedgerEntry } from "../../../shared/model/release.ts";
import type { SuiteManifest, VersionManifest } from "../../../shared/model/version.ts";
import { LEDGER_ORIGIN, sealEntry } from "../../../shared/registry/ledger.ts";
import { reportView } from "../../../shared/report/report-view.ts";
import type { ScorecardSources } from "../../../shared/report/scorecard.ts";
import { hostileRow } from "./hostile-rows.ts";
import { SUITE, sampleReport, sampleVerdict } from "./report-samples.ts";

const NOW = "2026-11-22T08:00:00.000Z";
const file = (path: string) => ({ path, sha256: "5".repeat(64), bytes: 1234 });

const MANIFEST: VersionManifest = {
  flow: "shop",
  id: "bbbbbbbbbbbb",
  definition: {
    name: "shop",
    prompt: "chat.prompty",
    steps: [{ name: "documents", kind: "retrieve", source: "knowledge", query: "{{ question }}", top: 3 }],
    guardrails: {
      input: [{ kind: "attack" }],
      output: [{ kind: "secrets" }, { kind: "blocked_terms", terms: ["Acme", "Globex"] }],
      whenUnavailable: "closed",
      answer: "Let us talk of tents.",
    },
  },
  files: [file("chat.prompty"), file("knowledge/tents.jsonl")],
  createdAt: NOW,
  commit: { author: "Ada", message: "Shorter answers\n\nAs asked." },
};

export function suiteOf(about: SuiteManifest["definition"]["about"]): SuiteManifest {
  return {
    flow: "shop",
    id: "cccccccccccc",
    definition: {
      ...SUITE,
      datasets: [
        { path: "data/questions.jsonl", as: "quality" },
        { path: "attacks.jsonl", as: "safety" },
      ],
      trials: 1,
      cluster: undefined,
      gate: [],
      judging: undefined,
      fairness: undefined,
      about,
    },
    judge: { model: "gpt-4o", revisions: {} },
    files: [file("data/questions.jsonl"), file("attacks.jsonl"), file("labels.jsonl")],
    rows: 64,
    clusters: { count: 52, largest: 1 },
    buckets: [
      { name: "0", rows: 40, as: "quality" },
      { name: "1", rows: 12, as: "quality" },
      { name: "2", rows: 12, as: "safety" },
    ],
    labels: 30,
    createdAt: NOW,
  };
}

function ledgerOf(...entries: Partial<LedgerEntry>[]): LedgerEntry[] {
  const ledger: LedgerEntry[] = [];
  for (const entry of entries) {
    ledger.push(
      sealEntry({
        sequence: ledger.length + 1,
        previousHash: ledger.at(-1)?.hash ?? LEDGER_ORIGIN,
        at: NOW,
        flow: "shop",
        kind: "rejected",
        version: MANIFEST.id,
        suite: "cccccccccccc",
        run: "run2",
        from: "aaaaaaaaaaaa",
        actor: "system",
        reason: "f1_score pass rate is too low",
        commit: MANIFEST.commit,
        ...entry,
      }),
    );
  }
  return ledger;
}

export const ABOUT = {
  intendedUse: "Customers ask about tents.",
  notFor: ["Advice on safety."],
  limits: ["It knows no orders."],
  contact: "shop@example.com",
};

/** A version that failed its gate and was promoted by a person all the same; `text` is what people and models wrote. */
export function scorecardSources(text = "plain", said: typeof ABOUT | "nothing" = ABOUT): ScorecardSources {
  const about = said === "nothing" ? undefined : said;
  const report = sampleReport({ worst: [hostileRow(text)], notices: [text] });
  const verdict = sampleVerdict();
  return {
    manifest: MANIFEST,
    judged: { suite: suiteOf(about), verdict, report, view: reportView(report, verdict, SUITE, undefined) },
    ledger: ledgerOf(
      { version: "aaaaaaaaaaaa", run: "run1", from: undefined, kind: "promoted" },
      {},
      { kind: "promoted", actor: "Ben", reason: text, run: undefined },
    ),
    chainIntact: true,
    serving: MANIFEST.id,
  };
}
