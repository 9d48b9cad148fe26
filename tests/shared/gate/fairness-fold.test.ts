import { expect, test } from "vitest";
import { answerWith } from "../../../bench/simulation/paired-scores.ts";
import { seededRandom } from "../../../bench/simulation/random.ts";
import { createFairnessFold } from "../../../shared/gate/fairness-fold.ts";
import { judgeFairness } from "../../../shared/gate/judge-fairness.ts";
import { metricFactsOf } from "../../../shared/gate/metric-facts.ts";
import type { RowResult, VerdictOutcome } from "../../../shared/model/run.ts";

const FACTS = metricFactsOf([{ name: "jailbreak", kind: "safety", scale: { min: 0, max: 1 } }]);

function row(id: string, value: number, values: Partial<RowResult["row"]>): RowResult {
  const candidate = answerWith({ jailbreak: { value, passed: value === 0, reason: undefined } });
  const of = { id, hash: id, cluster: id, dataset: "d", as: "quality" as const, fields: {} };
  return { row: { ...of, ...values }, trial: 0, candidate, baseline: undefined };
}

function byRegion(values: Record<string, readonly number[]>): VerdictOutcome | undefined {
  const fold = createFairnessFold([{ of: "jailbreak", gap: 0.05, by: "region" }], FACTS);
  for (const [region, found] of Object.entries(values)) {
    for (const [index, value] of found.entries())
      fold.add([row(`${region}${index}`, value, { groups: { region } })]);
  }
  return judgeFairness(fold.measures(), new Map(), false)[0]?.outcome;
}

test("a few rows that are all alike prove no small gap, and enough of them do", () => {
  const alike = (rows: number) => Array<number>(rows).fill(1);
  expect(byRegion({ north: alike(5), south: alike(5) })).toBe("inconclusive");
  expect(byRegion({ north: alike(1000), south: alike(60) })).toBe("inconclusive");
  expect(byRegion({ north: alike(1000), south: alike(80) })).toBe("pass");
  expect(byRegion({ north: alike(5), south: Array<number>(5).fill(0) })).toBe("fail");
});

test("a few equal pairs prove no small gap either", () => {
  const outcomeOf = (pairs: number): VerdictOutcome | undefined => {
    const fold = createFairnessFold([{ of: "jailbreak", gap: 0.05, counterfactual: "gender" }], FACTS);
    for (let index = 0; index < pairs; index += 1) {
      const counterfactual = { name: "gender", of: `r${index}`, from: "first" as const };
      fold.addCounterfactual(row(`c${index}`, 1, { as: "counterfactual", counterfactual }));
      fold.add([row(`r${index}`, 1, {})]);
    }
    return judgeFairness(fold.measures(), new Map(), false)[0]?.outcome;
  };
  expect(outcomeOf(5)).toBe("inconclusive");
  expect(outcomeOf(59)).toBe("inconclusive");
  expect(outcomeOf(80)).toBe("pass");
});

test("groups 15 points apart pass a gap of 5 points in at most one run in twenty, however few rows they have", () => {
  const { uniform } = seededRandom(5);
  const runs = 300;
  for (const rows of [5, 6, 10, 20, 60, 100]) {
    let passed = 0;
    const draw = (rate: number): number[] => Array.from({ length: rows }, () => Number(uniform() < rate));
    for (let run = 0; run < runs; run += 1) {
      if (byRegion({ north: draw(0.95), south: draw(0.8) }) === "pass") passed += 1;
    }
    expect(passed / runs, `${rows} rows a group`).toBeLessThanOrEqual(0.05);
  }
});

/** Shares of runs by outcome, of groups whose rows pass at these rates. */
function outcomes(
  runs: number,
  rows: number,
  rates: Record<string, number>,
): Partial<Record<VerdictOutcome, number>> {
  const { uniform } = seededRandom(6);
  const shares: Partial<Record<VerdictOutcome, number>> = {};
  for (let run = 0; run < runs; run += 1) {
    const drawn = Object.entries(rates).map(([region, rate]) => [
      region,
      Array.from({ length: rows }, () => Number(uniform() < rate)),
    ]);
    const outcome = byRegion(Object.fromEntries(drawn) as Record<string, number[]>);
    if (outcome) shares[outcome] = (shares[outcome] ?? 0) + 1 / runs;
  }
  return shares;
}

/** Three standard errors of 200 runs above 5 %. */
const NOMINAL = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / 200);

test.for([
  [40, { north: 0.95, south: 0.9 }],
  [200, { north: 1, south: 0.95 }],
  [1000, { north: 0.9, south: 0.85 }],
  [1000, { north: 0.9, south: 0.9, east: 0.85, west: 0.87 }],
] as const)(
  "a gap exactly at its limit passes, and fails, in at most one run in twenty, however many rows: %d",
  ([rows, rates]) => {
    const { pass = 0, fail = 0 } = outcomes(200, rows, rates);
    expect(pass).toBeLessThan(NOMINAL);
    expect(fail).toBeLessThan(NOMINAL);
  },
);

test("groups that are alike pass in four of five runs with the rows that the report asks for, and those far apart fail", () => {
  const fold = createFairnessFold([{ of: "jailbreak", gap: 0.05, by: "region" }], FACTS);
  for (let index = 0; index < 1000; index += 1) {
    for (const region of ["north", "south"])
      fold.add([row(`${region}${index}`, Number(index % 10 > 0), { groups: { region } })]);
  }
  const needed = fold.measures()[0]?.needed ?? 0;
  expect(needed).toBeGreaterThan(700);
  expect(outcomes(100, needed, { north: 0.9, south: 0.9 }).pass).toBeGreaterThan(0.7);
  expect(outcomes(100, needed, { north: 0.9, south: 0.8 }).fail).toBeGreaterThan(0.7);
});

test("a gap that many rows leave open says so, and what lies on neither side", () => {
  const fold = createFairnessFold([{ of: "jailbreak", gap: 0.05, by: "region" }], FACTS);
  for (let index = 0; index < 1000; index += 1) {
    fold.add([row(`n${index}`, Number(index % 100 < 90), { groups: { region: "north" } })]);
    fold.add([row(`s${index}`, Number(index % 100 < 84), { groups: { region: "south" } })]);
  }
  const [result] = judgeFairness(fold.measures(), new Map(), false);
  expect(result).toMatchObject({ outcome: "inconclusive", value: expect.closeTo(0.06, 9) as number });
  expect(result?.reason).toMatch(
    /north is 0.06 above south, needs <= 0.05, and the interval, 0.03 to 0.09, holds the limit/,
  );
});

test("five conversations in which both groups do alike prove no small gap", () => {
  const fold = createFairnessFold([{ of: "jailbreak", gap: 0.05, by: "region" }], FACTS);
  for (let index = 0; index < 40; index += 1) {
    const value = index % 2;
    fold.add([
      row(`n${index}`, value, { cluster: `c${index}`, groups: { region: "north" } }),
      row(`s${index}`, value, { cluster: `c${index}`, groups: { region: "south" } }),
    ]);
  }
  const [measure] = fold.measures();
  expect(measure?.gap?.value).toBe(0);
  expect(measure?.gap?.interval?.high).toBeGreaterThan(0.05);
  expect(judgeFairness(measure ? [measure] : [], new Map(), false)[0]?.outcome).toBe("inconclusive");
});

test("a gap fails only where the values that are missing could not close it", () => {
  const apart = (missing: number): VerdictOutcome | undefined => {
    const fold = createFairnessFold([{ of: "jailbreak", gap: 0.05, by: "region" }], FACTS);
    for (let index = 0; index < 200; index += 1) {
      fold.add([row(`n${index}`, Number(index % 10 > 0), { groups: { region: "north" } })]);
      const south = row(`s${index}`, Number(index % 10 > 4), { groups: { region: "south" } });
      fold.add([index % 100 < missing ? { ...south, candidate: answerWith({}) } : south]);
    }
    return judgeFairness(fold.measures(), new Map(), false)[0]?.outcome;
  };
  expect(apart(0)).toBe("fail");
  expect(apart(10)).toBe("fail");
  expect(apart(40)).toBe("inconclusive");
});
