import { expect, test } from "vitest";
import { reportHtml } from "../../../pipelines/decide/report-html.ts";
import { reportMarkdown } from "../../../pipelines/decide/report-markdown.ts";
import { reportView } from "../../../shared/report/report-view.ts";
import {
  FAILS,
  SUITE,
  sampleReport,
  sampleRow,
  sampleVerdict,
} from "../../pipelines/decide/report-samples.ts";

test("a row's threshold is the one its metric is summarised by, the flow's own where it has one", () => {
  const view = reportView(sampleReport(), sampleVerdict(), SUITE, undefined);
  expect(view.metrics.map(({ metric, rowThreshold }) => [metric, rowThreshold])).toEqual([
    ["groundedness", "≥ 4"],
    ["f1_score", "≥ 0.5"],
    ["latency", undefined],
    ["cost", undefined],
  ]);
  const scores = view.worst.flatMap((row) => row.scores);
  expect(scores.map(({ metric, threshold, passed }) => [metric, threshold, passed])).toEqual([
    ["groundedness", "≥ 4", false],
    ["f1_score", "≥ 0.5", true],
  ]);
});

test("what was saved by stopping early stands apart from what the cache saved", () => {
  const view = reportView(sampleReport(), sampleVerdict(), SUITE, undefined);
  expect(view.calls).toEqual({ made: 128, savedByCache: 12, savedByStopping: 160 });
  expect(view.rows).toMatchObject({
    used: 24,
    of: 64,
    why: expect.stringMatching(
      /a quality requirement does not hold was certain.*less often than 95 times in 100/,
    ),
  });
  const whole = reportView(
    sampleReport({ stoppedEarly: undefined, rowsUsed: 64 }),
    sampleVerdict(),
    SUITE,
    undefined,
  );
  expect(whole.rows).toEqual({ used: 64, of: 64, why: "Every row was used." });
});

test("a run that its budget ended says so, and what was lost from the datasets is said first", () => {
  const { run } = sampleReport();
  const datasetChange = {
    suite: "dddddddddddd",
    digest: { before: "1", after: "2" },
    datasets: [
      { dataset: "data/questions.jsonl", before: 66, after: 64, added: 1, removed: 3, changed: 2 },
      { dataset: "data/same.jsonl", before: 9, after: 9, added: 0, removed: 0, changed: 0 },
    ],
    lostSlices: [{ field: "region", value: "EMEA", rows: 14 }],
  };
  const report = sampleReport({
    run: { ...run, datasetChange },
    stoppedEarly: undefined,
    stoppedByBudget: "The day's budget of $2 is spent.",
  });
  const view = reportView(report, sampleVerdict(), SUITE, undefined);
  expect(view.rows).toEqual({ used: 24, of: 64, why: "The day's budget of $2 is spent." });
  expect(view.datasetChanges).toEqual([
    "No row has region = EMEA any more; 14 had it.",
    "data/questions.jsonl: 66 rows before, 64 now (1 added, 3 removed, 2 changed).",
  ]);
  const page = reportHtml(view);
  expect(page).toContain("No row has region = EMEA any more; 14 had it.");
  expect(reportMarkdown(view)).toContain("- No row has region = EMEA any more; 14 had it.");
});

test("how far a judge agrees with people is shown, also where there is nothing to compute", () => {
  const judged = {
    metric: "groundedness",
    labels: 40,
    missing: 0,
    agreement: { value: 0.724, interval: { low: 0.51, high: 0.94 } },
    weighted: 0.8,
    bias: { value: 0.12, interval: { low: -0.03, high: 0.27 } },
    corrected: undefined,
    disagreed: 5,
    disagreements: [],
  };
  const unknown = { ...judged, agreement: undefined, bias: undefined, labels: 2, disagreed: 0 };
  const report = sampleReport({ calibration: [judged, unknown] });
  expect(reportView(report, sampleVerdict(), SUITE, undefined).evidence[0]?.rows).toEqual([
    ["groundedness", "40", "0.72 (0.51 to 0.94)", "5", "0.8", "+0.12 (−0.03 to 0.27)", "–"],
    ["groundedness", "2", "–", "0", "0.8", "–", "–"],
  ]);
});

test("safety rows, which always run in full, count into the rows of a run that stopped early", () => {
  const view = reportView(sampleReport({ rowsUsed: 34 }), sampleVerdict(), SUITE, undefined);
  expect(view.rows).toMatchObject({ used: 34, of: 74 });
});

test("no number is NaN or infinite, in JSON or in words", () => {
  const broken = {
    ...FAILS,
    value: Number.NaN,
    limit: Number.POSITIVE_INFINITY,
    baseline: Number.NaN,
    interval: { low: Number.NaN, high: 1 },
    difference: { ...FAILS.difference!, value: Number.NaN },
  };
  const row = sampleRow();
  row.candidate.scores = { groundedness: { value: Number.NaN, passed: true, reason: undefined } };
  const report = sampleReport({ worst: [row] });
  report.candidate[0]!.mean = Number.NaN;
  report.candidate[3]!.mean = Number.POSITIVE_INFINITY;
  const view = reportView(report, sampleVerdict({ requirements: [broken] }), SUITE, undefined);
  expect(JSON.stringify(view)).not.toMatch(/NaN|Infinity|∞/);
  expect(view.requirements[0]).toMatchObject({ value: { value: null, text: "–" }, interval: undefined });
  expect(view.worst[0]?.scores[0]).toMatchObject({ passed: null, value: { text: "not scorable" } });
  expect(view.cost.total).toBeNull();
});

test("the same inputs give the same view, and a platform without the suite says no thresholds", () => {
  const view = (): string =>
    JSON.stringify(reportView(sampleReport(), sampleVerdict(), undefined, undefined));
  expect(view()).toBe(view());
  expect(view()).not.toContain("rowThreshold");
});
