import { expect, test } from "vitest";
import { printScorecard } from "../../../cli/print-scorecard.ts";
import { scorecardHtml } from "../../../pipelines/decide/scorecard-html.ts";
import { reportView } from "../../../shared/report/report-view.ts";
import { scorecard } from "../../../shared/report/scorecard.ts";
import { HOSTILE_TEXTS } from "./hostile-rows.ts";
import { SUITE, sampleReport, sampleRow, sampleVerdict } from "./report-samples.ts";
import { ABOUT, scorecardSources, suiteOf } from "./scorecard-samples.ts";
import { readStrictly } from "./strict-page.ts";

const ORIGIN = "https://app.example";

test("every part says where it stands, and the ledger's entries carry their hashes", () => {
  const given = scorecardSources();
  const card = scorecard(given);
  const [, rejected, promoted] = given.ledger;
  const entry = { kind: "ledger", sequence: 2, hash: rejected?.hash };
  expect(card.headline).toMatch(/^shop@bbbbbbbbbbbb serves production; failed: 1 of 2 requirements/);
  expect(card.use).toMatchObject({ ...ABOUT, evidence: [{ kind: "suite", suite: "cccccccccccc" }, entry] });
  expect(card.results.evidence).toEqual([{ kind: "run", run: "run2" }, entry]);
  expect(card.results.requirements[0]).toMatchObject({
    name: "groundedness mean",
    interval: { text: "4.31 to 4.93" },
  });
  expect(card.data.evidence).toEqual([{ kind: "suite", suite: "cccccccccccc" }, entry]);
  expect(card.guardrails.evidence).toEqual([{ kind: "version", version: "bbbbbbbbbbbb" }, entry]);
  expect(card.failures.rows[0]?.evidence).toEqual({
    kind: "run",
    run: "run2",
    row: "plain:plain",
  });
  expect(card.decisions.map(({ kind, actor, evidence }) => ({ kind, actor, evidence }))).toEqual([
    { kind: "rejected", actor: "system", evidence: entry },
    { kind: "promoted", actor: "Ben", evidence: { kind: "ledger", sequence: 3, hash: promoted?.hash } },
  ]);
  expect(card.guardrails.statements).toEqual([
    { name: "Attacks in what is asked", text: "blocked, also in what the steps found" },
    { name: "Secrets in answers", text: "keys and passwords are blocked" },
    { name: "Blocked terms in answers", text: "2 terms are blocked" },
    { name: "Where a check cannot be made", text: "the turn is blocked" },
    { name: "Said in place of an answer", text: "Let us talk of tents." },
  ]);
  expect(JSON.stringify(card)).not.toContain("Acme");
});

test("the data is named by file and hash, what judges apart from what it answers from", () => {
  const { data } = scorecard(scorecardSources());
  expect(data.rows).toBe("52 quality rows, 12 safety rows, 30 answers that people labelled");
  expect(data.files.map(({ path, purpose }) => [path, purpose])).toEqual([
    ["data/questions.jsonl", "quality dataset"],
    ["attacks.jsonl", "safety dataset"],
    ["labels.jsonl", "labels of people"],
    ["knowledge/tents.jsonl", "knowledge"],
  ]);
  expect(data.files.at(-1)).toMatchObject({
    sha256: "5".repeat(64),
    evidence: { kind: "version", version: "bbbbbbbbbbbb", path: "knowledge/tents.jsonl" },
  });
});

test("what is not known is said, with what to do about it", () => {
  const unsaid = scorecard(scorecardSources("plain", "nothing"));
  expect(unsaid.use.missing).toContain("add about");
  expect(unsaid.fairness.missing).toContain("add fairness to the gate");
  expect(unsaid.calibration.missing).toContain("flowgate label");
  const unjudged = scorecard({ ...scorecardSources(), judged: undefined, ledger: [], serving: undefined });
  expect(unjudged.headline).toBe("shop@bbbbbbbbbbbb does not serve production; was not judged");
  expect(unjudged.results.missing).toBe("No run has judged this version.");
  expect(unjudged.decisions).toEqual([]);
  expect(readStrictly(scorecardHtml(unjudged, ORIGIN)).text).toContain(
    "Nothing was decided about this version.",
  );
});

test("a row that is among the worst and good all the same is no failure", () => {
  const good = sampleRow();
  good.candidate.scores = { f1_score: { value: 0.9, passed: true, reason: undefined } };
  const report = sampleReport({ worst: [good] });
  const verdict = sampleVerdict();
  const view = reportView(report, verdict, SUITE, undefined);
  const card = scorecard({ ...scorecardSources(), judged: { suite: suiteOf(ABOUT), verdict, report, view } });
  expect(card.failures).toMatchObject({ rows: [], missing: "None: no row failed an evaluator." });
});

test("the page, wherever it is kept, leads to each entry, row and file, and has a caption for every table", () => {
  const card = scorecard(scorecardSources());
  const { tags, text } = readStrictly(scorecardHtml(card, ORIGIN));
  const links = new Set(tags.flatMap(({ attributes }) => attributes["href"] ?? []));
  const studio = `${ORIGIN}/studio/flows/shop`;
  expect([...links]).toEqual(
    expect.arrayContaining([
      `${studio}?entry=2`,
      `${studio}?entry=3`,
      `${studio}/runs/run2`,
      `${studio}/runs/run2?row=${encodeURIComponent("plain:plain")}`,
      `${studio}/suites/cccccccccccc?file=data%2Fquestions.jsonl`,
      `${studio}/versions/bbbbbbbbbbbb?file=knowledge%2Ftents.jsonl`,
    ]),
  );
  expect([...links].filter((address) => !address.startsWith(studio))).toEqual([]);
  const count = (name: string): number => tags.filter((tag) => tag.name === name).length;
  expect(count("caption")).toBe(count("table"));
  expect(count("h1")).toBe(1);
  expect(text).toContain("It knows no orders.");
});

test("a broken ledger is said first", () => {
  const card = scorecard({ ...scorecardSources(), chainIntact: false });
  expect(readStrictly(scorecardHtml(card, ORIGIN)).text).toContain("BROKEN");
  expect(printScorecard(card, { paint: (_, text) => text, columns: 100 })).toMatch(
    /^.*\nThe ledger is BROKEN\./,
  );
});

test.each(HOSTILE_TEXTS)("what users, models and people wrote is text and nothing else: %j", (hostile) => {
  const own = new Set(
    readStrictly(scorecardHtml(scorecard(scorecardSources()), ORIGIN)).tags.map(({ name }) => name),
  );
  const card = scorecard(
    scorecardSources(hostile, { ...ABOUT, intendedUse: hostile, limits: [hostile], contact: hostile }),
  );
  const { tags } = readStrictly(scorecardHtml(card, ORIGIN));
  expect(tags.filter(({ name }) => !own.has(name))).toEqual([]);
  const printed = printScorecard(card, { paint: (_, text) => text, columns: 100 });
  for (const control of ["\u0000", "\u0007", "\u001b", "\u009b", "\u202e"]) {
    expect(printed).not.toContain(control);
  }
});
