import { expect, test } from "vitest";
import { printVerdict } from "../../cli/print-verdict.ts";
import { failedVerdict, requirement, verdict } from "./samples.ts";

const paint = (_: unknown, text: string): string => text;

test("a verdict opens with the version and the outcome in words, and compares with production", () => {
  const lines = printVerdict(failedVerdict, { paint }).split("\n");
  expect(lines[0]).toBe("shop@bbbbbbbbbbbb  failed: 1 of 2 requirements does not hold");
  expect(lines[1]).toBe("suite cccccccccccc · compared with shop@aaaaaaaaaaaa in production");
});

test("each requirement has a row with measured, needed and production, and failing ones their reason below", () => {
  const lines = printVerdict(failedVerdict, { paint }).split("\n").slice(3);
  expect(lines[0]?.trim().split(/ {2,}/)).toEqual(["requirement", "measured", "needed", "production"]);
  expect(lines[1]).toMatch(/^─+$/);
  expect(lines[2]?.split(/ {2,}/)).toEqual(["✓ groundedness mean", "4.62", "≥ 4", "4.58"]);
  expect(lines[3]?.split(/ {2,}/)).toEqual(["✗ f1_score pass rate", "61 %", "≥ 80 %", "82 %"]);
  expect(lines[4]).toBe("    Only 61 % of the rows pass f1_score.");
  expect(lines).toHaveLength(5);
});

test("nothing is wider than 80 columns, however long the names and reasons are", () => {
  const long = requirement({
    metric: "an_evaluator_with_quite_a_long_name_indeed",
    kind: "relative",
    outcome: "fail",
    reason: "It lost more than it may against the version in production, on nearly every row. ".repeat(4),
  });
  const text = printVerdict(verdict({ outcome: "fail", requirements: [long], reasons: [] }), { paint });
  const widths = text.split("\n").map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  expect(text.replace(/\s+/g, " ")).toContain("on nearly every row. It lost more");
});

test("the first release has no production column and says that there is nothing to compare with", () => {
  const first = verdict({ baseline: undefined, requirements: [requirement({ baseline: null })] });
  const text = printVerdict(first, { paint });
  expect(text).toContain("nothing in production yet");
  expect(text).not.toContain("production\n");
  expect(text).toContain("passed: the one requirement holds");
});

test("a value that only rounding would make equal to its limit gets the digits that tell them apart", () => {
  const near = requirement({ outcome: "fail", value: 3.998 });
  expect(printVerdict(verdict({ outcome: "fail", requirements: [near] }), { paint })).toMatch(/3\.998 +≥ 4 /);
});

test("units follow the metric", () => {
  const requirements = [
    requirement({
      metric: "latency",
      statistic: "p95",
      comparison: "<=",
      value: 812.4,
      limit: 4000,
      baseline: 1250,
    }),
    requirement({ metric: "cost", comparison: "<=", value: 0.00012, limit: 0.002, baseline: null }),
    requirement({
      metric: "violence",
      statistic: "defects",
      comparison: "<=",
      value: 0,
      limit: 0,
      baseline: 2,
    }),
    requirement({
      metric: "errors",
      statistic: "rate",
      comparison: "<=",
      value: 0.015,
      limit: 0,
      baseline: 0,
    }),
  ];
  const cells = printVerdict(verdict({ requirements }), { paint })
    .split("\n")
    .slice(5)
    .map((line) => line.split(/ {2,}/).slice(0, 4));
  expect(cells).toEqual([
    ["✓ latency p95", "812 ms", "≤ 4 s", "1.25 s"],
    ["✓ cost mean", "$0.00012", "≤ $0.002", "–"],
    ["✓ violence defects", "0", "≤ 0", "2"],
    ["✓ errors", "1.5 %", "≤ 0 %", "0 %"],
  ]);
});

test("reasons that belong to no requirement and the report's notices stand below the table", () => {
  const text = printVerdict(
    verdict({ outcome: "error", requirements: [], reasons: ["The suite has no rows."] }),
    { paint, notices: ["Answered by the offline stand-in."] },
  );
  expect(text).toContain("could not be judged");
  expect(text).toContain("! The suite has no rows.\nNote: Answered by the offline stand-in.");
});

test("what others wrote cannot steer the terminal", () => {
  const evil = requirement({ outcome: "fail", reason: "a\u001b[2Jb\u0007c" });
  const text = printVerdict(verdict({ outcome: "fail", requirements: [evil], reasons: [] }), { paint });
  expect(text).toContain("a[2Jbc");
});

test("intervals and differences stand in the table where there is room, and never make it wrap", () => {
  const sure = requirement({
    kind: "relative",
    interval: { low: 4.31, high: 4.93 },
    difference: {
      value: 0.04,
      interval: { low: -0.1, high: 0.18 },
      pValue: 0.001,
      pairs: 64,
      accepted: 0.2,
      neededPairs: 40,
    },
  });
  const at = (columns: number): string[] =>
    printVerdict(verdict({ requirements: [sure] }), { paint, columns })
      .split("\n")
      .slice(3);
  expect(at(120)[0]?.trim().split(/ {2,}/)).toEqual([
    "requirement",
    "measured",
    "95 % interval",
    "needed",
    "production",
    "difference",
  ]);
  expect(at(120)[2]).toContain("4.31 to 4.93");
  expect(at(120)[2]).toContain("+0.04 [−0.1 to 0.18]");
  expect(at(100).join("\n")).not.toContain("95 % interval");
  expect(at(100).join("\n")).toContain("+0.04 [−0.1 to 0.18]");
  expect(at(80)[0]?.trim().split(/ {2,}/)).toEqual(["requirement", "measured", "needed", "production"]);
  for (const columns of [120, 100, 80]) expect(at(columns)).toHaveLength(3);
});
