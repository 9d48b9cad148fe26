import { expect, test } from "vitest";
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
  expect(view.rows).toMatchObject({ used: 24, of: 64, why: expect.stringContaining("fails was certain") });
  const whole = reportView(
    sampleReport({ stoppedEarly: undefined, rowsUsed: 64 }),
    sampleVerdict(),
    SUITE,
    undefined,
  );
  expect(whole.rows).toEqual({ used: 64, of: 64, why: "Every row was used." });
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
