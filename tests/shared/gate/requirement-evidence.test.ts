import { formatInterval } from "../../../shared/model/format-difference.ts";
import { expect, test } from "vitest";
import { seededRandom } from "../../../bench/simulation/random.ts";
import { addEvidence } from "../../../shared/gate/add-evidence.ts";
import type { FoldedRow } from "../../../shared/gate/claim.ts";
import { createEvidenceFold } from "../../../shared/gate/requirement-evidence.ts";
import type { GateRequirement } from "../../../shared/model/flow.ts";
import type { RequirementEvidence, RequirementResult } from "../../../shared/model/run.ts";
import { meanInterval } from "../../../shared/statistics/mean-interval.ts";
import { wilsonInterval } from "../../../shared/statistics/wilson-interval.ts";
import { atLeast, atMost, FACTS, requirement, rowOf, singles } from "./fold-samples.ts";

function evidenceOf(
  requirement: GateRequirement,
  clusters: readonly (readonly FoldedRow[])[],
): RequirementEvidence | undefined {
  const fold = createEvidenceFold([requirement], FACTS);
  for (const cluster of clusters) fold.add(cluster);
  return fold.evidence()[0];
}

const CANDIDATE = [5, 4, 3, 5, 4, 2, 5, 4];
const BASELINE = [4, 4, 4, 5, 5, 3, 4, 4];
const pairs = CANDIDATE.map((quality, index) => rowOf({ quality }, { quality: BASELINE[index] ?? null }));
const noWorse = requirement({ noWorseThan: { absolute: 0.5 } });

test("a mean has Student's interval, a rate Wilson's, a percentile none", () => {
  expect(evidenceOf(atLeast(4), singles(pairs))?.interval).toEqual(meanInterval(CANDIDATE));
  expect(evidenceOf(atLeast(0.8, { statistic: "passRate" }), singles(pairs))?.interval).toEqual(
    wilsonInterval(7, 8),
  );
  const percentile = atMost(300, { metric: "latency", statistic: "p95" });
  expect(evidenceOf(percentile, singles(pairs))?.interval).toBeUndefined();
});

test("a difference is that of the pairs, with the interval of the pairs", () => {
  const difference = evidenceOf(noWorse, singles(pairs))?.difference;
  const differences = CANDIDATE.map((quality, index) => quality - (BASELINE[index] ?? 0));
  expect(difference?.value).toBeCloseTo(-1 / 8, 12);
  expect(difference?.interval?.low).toBeCloseTo(meanInterval(differences)?.low ?? 0, 12);
  expect(difference).toMatchObject({ pairs: 8, accepted: 0.5 });
});

test("rows of one conversation widen the interval, and copies narrow nothing", () => {
  const alone = evidenceOf(noWorse, singles(pairs))?.difference?.interval;
  const copied = evidenceOf(
    noWorse,
    pairs.map((row) => [row, row, row]),
  )?.difference?.interval;
  expect(copied?.low).toBeCloseTo(alone?.low ?? 0, 12);
});

test("a pair of which one is missing is no pair", () => {
  const holed = [
    ...pairs,
    rowOf({ quality: null }, { quality: 5 }),
    rowOf({ quality: 1 }, { quality: null }),
  ];
  expect(evidenceOf(noWorse, singles(holed))?.difference).toMatchObject({ pairs: 8, value: -1 / 8 });
});

/** Runs of 200 rows of which the candidate has a third one point off, to either side. */
function simulated(rows: number, loss: number): FoldedRow[] {
  const random = seededRandom(3);
  return Array.from({ length: rows }, () => {
    const step = random.coin(1 / 3) === 1 ? (random.coin(0.5) === 1 ? 1 : -1) : 0;
    return rowOf({ quality: 4 + step - random.coin(loss) }, { quality: 4 });
  });
}

test("no loss has a small p-value with enough rows, a loss at the margin a large one", () => {
  const margin = requirement({ noWorseThan: { absolute: 0.2 } });
  expect(evidenceOf(margin, singles(simulated(400, 0)))?.difference?.pValue).toBeLessThan(0.001);
  expect(evidenceOf(margin, singles(simulated(400, 0.2)))?.difference?.pValue).toBeGreaterThan(0.05);
  const relative = requirement({ noWorseThan: { relative: 0.05 } });
  const found = evidenceOf(relative, singles(simulated(400, 0)))?.difference;
  expect(found?.accepted).toBeCloseTo(0.2, 12);
  expect(found?.pValue).toBeLessThan(0.001);
});

test("too few rows to see the margin are warned of, with how many would do", () => {
  const result: RequirementResult = {
    metric: "groundedness",
    statistic: "mean",
    kind: "relative",
    outcome: "pass",
    value: 4,
    baseline: 4,
    comparison: ">=",
    limit: 3.9,
    reason: "",
  };
  const margin = requirement({ noWorseThan: { absolute: 0.1 } });
  const few = evidenceOf(margin, singles(simulated(50, 0)));
  const [warned] = addEvidence([result], few ? [few] : []);
  expect(warned?.power).toMatch(
    /^50 rows are too few to rule out a loss of 0\.1 reliably: \d{3} rows would do it in 80 % of runs\.$/,
  );
  const needed = few?.difference?.neededPairs ?? 0;
  expect(needed).toBeGreaterThan(100);
  const many = evidenceOf(margin, singles(simulated(needed * 2, 0)));
  expect(addEvidence([result], many ? [many] : [])[0]?.power).toBeUndefined();
});

test("one row, and rows that are all alike, give figures and claim nothing", () => {
  const one = evidenceOf(noWorse, singles([rowOf({ quality: 4 }, { quality: 4 })]));
  expect(one).toMatchObject({ interval: undefined, difference: { value: 0, interval: undefined } });
  const alike = singles(Array.from({ length: 3 }, () => rowOf({ quality: 4 }, { quality: 4 })));
  const difference = evidenceOf(noWorse, alike)?.difference;
  expect(difference?.pValue).toBeGreaterThan(0.05);
  expect(difference?.neededPairs).toBe(23);
  expect(formatInterval("groundedness", "mean", { low: 5, high: 5 })).toBe("all alike");
});

test("what has no baseline has no difference", () => {
  expect(
    evidenceOf(noWorse, singles([rowOf({ quality: 4 }), rowOf({ quality: 5 })]))?.difference,
  ).toBeUndefined();
});
