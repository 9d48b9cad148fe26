import { bindEvaluator } from "../../../shared/evaluators/bind-evaluator.ts";
import { expect, test } from "vitest";
import { compareCombinations } from "../../../shared/evaluation/compare-combinations.ts";
import type {
  AnsweredCombination,
  ComparedCombination,
} from "../../../shared/evaluation/compare-combinations.ts";
import { sampleRows } from "../../../shared/evaluation/sample-rows.ts";
import { contentHash } from "../../../shared/model/canonical.ts";
import type { GateRequirement } from "../../../shared/model/flow.ts";
import type { RowAnswer } from "../../../shared/model/run.ts";

/** A row that was scored for relevance (1 to 5, passing at 3). */
function answer(relevance: number | null, more: Partial<RowAnswer> = {}): RowAnswer {
  const passed = relevance === null ? undefined : relevance >= 3;
  return {
    answer: "An answer.",
    context: "",
    scores: { relevance: { value: relevance, passed, reason: undefined } },
    latencyMs: 100,
    inputTokens: 10,
    outputTokens: 5,
    cost: 0.001,
    model: "m",
    error: undefined,
    cached: false,
    calls: 1,
    saved: 0,
    ...more,
  };
}

function requirement(more: Partial<GateRequirement> = {}): GateRequirement {
  const threshold = { comparison: ">=" as const, value: 3 };
  return {
    metric: "relevance",
    statistic: "mean",
    direction: "higher",
    threshold,
    noWorseThan: undefined,
    line: 1,
    ...more,
  };
}

function compare(
  base: RowAnswer[],
  others: Record<string, RowAnswer[]>,
  gate: GateRequirement[] = [requirement()],
): ComparedCombination[] {
  const rest = Object.entries(others).map(([name, answers]): AnsweredCombination => ({ name, answers }));
  return compareCombinations([{ name: "base", answers: base }, ...rest], gate, [
    bindEvaluator({ name: "relevance", use: "relevance" }),
  ]);
}

const rows = (scores: number[], more?: Partial<RowAnswer>): RowAnswer[] =>
  scores.map((score) => answer(score, more));
const names = (compared: ComparedCombination[]): string[] => compared.map(({ name }) => name);
const MIXED = [4, 3, 4, 5, 3, 4, 3, 4, 5, 4];

test("who passes the gate goes before who does not, whatever the quality of one metric", () => {
  const compared = compare(rows([5, 5, 5]), { slower: rows([4, 4, 4], { latencyMs: 50 }) }, [
    requirement(),
    requirement({
      metric: "latency",
      statistic: "p95",
      direction: "lower",
      threshold: { comparison: "<=", value: 80 },
    }),
  ]);
  expect(compared.map(({ name, rank, outcome }) => [name, rank, outcome])).toEqual([
    ["slower", 1, "pass"],
    ["base", 2, "fail"],
  ]);
});

test("among those that pass, the higher quality goes first, then the lower cost, then the base", () => {
  expect(names(compare(rows([4, 4, 4]), { good: rows([5, 4, 4]) }))).toEqual(["good", "base"]);
  expect(names(compare(rows([4, 4, 4]), { cheap: rows([4, 4, 4], { cost: 0.0005 }) }))).toEqual([
    "cheap",
    "base",
  ]);
  expect(names(compare(rows([4, 4, 4]), { equal: rows([4, 4, 4]) }))).toEqual(["base", "equal"]);
});

test("only a latency that can be told from chance decides between equals", () => {
  const base = MIXED.map((score, index) => answer(score, { latencyMs: 100 + index }));
  const noisy = MIXED.map((score, index) => answer(score, { latencyMs: index % 2 === 0 ? 60 : 130 }));
  const faster = MIXED.map((score, index) => answer(score, { latencyMs: 50 + index }));
  expect(names(compare(base, { noisy, faster }))).toEqual(["faster", "base", "noisy"]);
});

test("a row without a score is inconclusive, which goes before a failure and after a pass", () => {
  const compared = compare(rows([4, 4]), { failing: rows([1, 1]), torn: [answer(4), answer(null)] });
  expect(compared.map(({ name, outcome }) => [name, outcome])).toEqual([
    ["base", "pass"],
    ["torn", "inconclusive"],
    ["failing", "fail"],
  ]);
});

test("noWorseThan is held against the base, and the base has nothing to be worse than", () => {
  const gate = [requirement({ noWorseThan: { absolute: 0.2 } })];
  const [base, worse] = compare(rows([5, 5, 5]), { worse: rows([4, 4, 4]) }, gate);
  expect(base?.requirements.map(({ kind, outcome }) => [kind, outcome])).toEqual([
    ["absolute", "pass"],
    ["relative", "pass"],
  ]);
  expect(worse?.requirements.map(({ kind, outcome }) => [kind, outcome])).toEqual([
    ["absolute", "pass"],
    ["relative", "fail"],
  ]);
  expect(worse?.requirements[1]?.reason).toContain("the base has 5");
});

test("a difference is told row by row, with its interval", () => {
  const better = rows(MIXED.map((score) => Math.min(5, score + 1)));
  const [first, base] = compare(rows(MIXED), { better });
  const relevance = first?.metrics[0];
  expect(first?.name).toBe("better");
  expect(relevance?.againstBase).toMatchObject({ pairs: 10, changed: 8, finding: "better" });
  expect(relevance?.againstBase?.difference).toBeCloseTo(0.8, 10);
  // Eight differences of 1 and two of 0: 0.8 ± t(9) · √(1.6 / 9 / 10).
  expect(relevance?.againstBase?.interval?.low).toBeCloseTo(0.8 - 2.262157 * Math.sqrt(1.6 / 90), 5);
  expect(base?.metrics.every(({ againstBase }) => againstBase === undefined)).toBe(true);
  expect(base?.likeBest).toBe(false);
});

test("few rows tell no difference, however large", () => {
  const [first, second] = compare(rows([1, 1, 1]), { better: rows([5, 5, 5]) });
  expect(first?.metrics[0]?.againstBase).toMatchObject({ difference: 4, finding: "indistinguishable" });
  expect(second?.likeBest).toBe(true);
});

test("the more differences are looked at, the more each of them must show", () => {
  const lucky = rows(MIXED.map((score, index) => (index < 7 ? Math.min(5, score + 1) : score)));
  const noise = rows(MIXED.map((score, index) => (index < 2 ? 7 - score : score)));
  const found = (others: Record<string, RowAnswer[]>): string | undefined =>
    compare(rows(MIXED), { lucky, ...others }).find(({ name }) => name === "lucky")?.metrics[0]?.againstBase
      ?.finding;
  expect(found({})).toBe("better");
  expect(found({ same: rows(MIXED) })).toBe("better");
  expect(found({ noise })).toBe("indistinguishable");
});

test("shares have Wilson's interval and McNemar's test; percentiles have neither", () => {
  const gate = [
    requirement({ statistic: "passRate", threshold: { comparison: ">=", value: 0.5 } }),
    requirement({ metric: "errors", statistic: "rate", threshold: { comparison: "<=", value: 0 } }),
    requirement({
      metric: "latency",
      statistic: "p95",
      direction: "lower",
      threshold: { comparison: "<=", value: 1000 },
    }),
  ];
  const scores = [...Array<number>(15).fill(1), ...Array<number>(5).fill(4)];
  const [first, second] = compare(rows(scores), { better: rows(scores.map(() => 4)) }, gate);
  const [passRate, errors, p95] = first?.metrics ?? [];
  expect(passRate).toMatchObject({ value: 1, againstBase: { difference: 0.75, finding: "better" } });
  expect(passRate?.interval?.low).toBeCloseTo(0.8389, 4);
  expect(errors).toMatchObject({ value: 0, againstBase: { difference: 0, finding: "indistinguishable" } });
  expect(p95?.interval).toBeUndefined();
  expect(p95?.againstBase).toBeUndefined();
  expect(second?.metrics[0]?.value).toBe(0.25);
});

test("where less is better, less is found better", () => {
  const base = rows(MIXED, { cost: 0.002 });
  const [first] = compare(base, {
    cheap: MIXED.map((score, index) => answer(score, { cost: 0.001 + index / 1e6 })),
  });
  expect(first?.name).toBe("cheap");
  expect(first?.metrics.find(({ metric }) => metric === "cost")?.againstBase?.finding).toBe("better");
});

test("cost and latency are measured of all, asked for by the gate or not", () => {
  const [base] = compare(rows([4, 4]), {});
  expect(base?.metrics.map(({ metric, statistic }) => `${metric} ${statistic}`)).toEqual([
    "relevance mean",
    "cost mean",
    "latency mean",
  ]);
});

test("a sample is chosen by content: the same whatever the order, in the order of the rows", () => {
  const all = Array.from({ length: 50 }, (_, index) => {
    const fields = { question: `What is ${index}?` };
    const hash = contentHash(fields);
    return { id: String(index), hash, cluster: hash, dataset: "d", as: "quality" as const, fields };
  });
  const sample = sampleRows(all, 10).rows.map(({ id }) => Number(id));
  expect(sample).toHaveLength(10);
  expect(sample).toEqual(sample.toSorted((a, b) => a - b));
  expect(sample).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const backwards = sampleRows(all.toReversed(), 10).rows.map(({ id }) => Number(id));
  expect(backwards.toReversed()).toEqual(sample);
  expect(sampleRows(all, undefined)).toEqual({ rows: all, of: 50 });
  expect(sampleRows(all, 80)).toEqual({ rows: all, of: 50 });
});
