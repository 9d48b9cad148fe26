import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom, type Random } from "../../../bench/simulation/random.ts";
import { type Bet, betPValue, createBet, drawValue } from "../../../shared/statistics/bet.ts";
import { clusterValue } from "../../../shared/statistics/cluster-value.ts";

function drawAll(values: readonly number[], mean: number, size: number | null): Bet {
  const bet = createBet(mean, size);
  for (const value of values) drawValue(bet, value);
  return bet;
}

test("the mean capital is that of the formula, by hand", () => {
  // One draw of 1 against a mean of 0.5: every bettor who risks c has 1 + c.
  const shares = Array.from({ length: 16 }, (_, k) => 0.01 * 95 ** (k / 15));
  const capital = shares.reduce((sum, share) => sum + 1 + share, 0) / 16;
  expect(betPValue(drawAll([1], 0.5, null))).toBeCloseTo(1 / capital, 12);
  // Without replacement the nine others must then have a mean of 4/9.
  const second =
    shares.reduce((sum, share) => sum + (1 + share) * (1 - share + (share * 1) / (4 / 9)), 0) / 16;
  expect(betPValue(drawAll([1, 1], 0.5, 10))).toBeCloseTo(1 / second, 12);
});

test("the p-value never rises again", () => {
  const bet = drawAll([1, 1, 1], 0.5, null);
  const lowest = betPValue(bet);
  for (let draw = 0; draw < 20; draw += 1) drawValue(bet, 0);
  expect(betPValue(bet)).toBe(lowest);
});

const values = fc.array(fc.constantFrom(0, 0.1, 0.2, 0.25, 0.3, 1 / 3, 0.5, 0.7, 0.75, 0.9, 1), {
  minLength: 1,
  maxLength: 30,
});

test("what is certain is so: it agrees with the mean of all values, in whatever order", () => {
  fc.assert(
    fc.property(values, fc.constantFrom(0, 0.1, 0.25, 0.3, 0.5, 0.7, 0.75, 1), (drawn, mean) => {
      const total = drawn.reduce((sum, value) => sum + value, 0) - drawn.length * mean;
      const above = createBet(mean, drawn.length);
      const below = createBet(1 - mean, drawn.length);
      for (const value of drawn) {
        drawValue(above, value);
        drawValue(below, 1 - value);
      }
      const isEqual = Math.abs(total) < 1e-9;
      expect(above.certain).toBe(!isEqual && total > 0);
      expect(below.certain).toBe(!isEqual && total < 0);
    }),
    { numRuns: 2000 },
  );
});

test("a bet stored as JSON goes on as if it had not been", () => {
  fc.assert(
    fc.property(values, fc.nat({ max: 29 }), (drawn, cut) => {
      const bet = drawAll(drawn.slice(0, cut), 0.4, drawn.length);
      const restored = JSON.parse(JSON.stringify(bet)) as Bet;
      for (const value of drawn.slice(cut)) drawValue(restored, value);
      expect(restored).toEqual(drawAll(drawn, 0.4, drawn.length));
    }),
  );
});

test("a difference of a millionth is one, and what rounding leaves of 0 is none", () => {
  expect(drawAll([0.5, 0.500_001], 0.5, 2).certain).toBe(true);
  expect(drawAll([0, 0, 0], -1e-17, 3).certain).toBe(false);
});

test("a mean below the scale is certain at once, one at its top never", () => {
  expect(createBet(-0.1, 10).certain).toBe(true);
  expect(createBet(-0.1, null).certain).toBe(true);
  expect(betPValue(drawAll([1, 1, 1], 1, 3))).toBe(1);
  expect(betPValue(drawAll([1, 1, 1], 1, null))).toBe(1);
  expect(betPValue(drawAll([0, 0], 0, null))).toBe(1);
  expect(betPValue(drawAll([0, 0.5], 0, null))).toBe(0);
});

test("values that are all the mean show nothing, on however many rows", () => {
  for (const mean of [0.1, 0.3, 0.75]) {
    const bet = drawAll(
      Array.from({ length: 100_000 }, () => mean),
      mean,
      100_000,
    );
    expect(bet.certain).toBe(false);
    expect(betPValue(bet)).toBeGreaterThan(0.99);
  }
});

/** How often the bet rejects at 5 %, whenever, on datasets whose mean is the one in question. */
function rejections(
  runs: number,
  mean: number,
  dataset: (random: Random) => readonly number[],
  iid = false,
): number {
  const random = seededRandom(7);
  let rejected = 0;
  for (let run = 0; run < runs; run += 1) {
    const drawn = random.shuffled(dataset(random));
    if (betPValue(drawAll(drawn, mean, iid ? null : drawn.length)) <= 0.05) rejected += 1;
  }
  return rejected / runs;
}

const repeated = (value: number, times: number): number[] => Array.from({ length: times }, () => value);

test.for([
  ["half of 200 rows pass", 0.5, [...repeated(1, 100), ...repeated(0, 100)]],
  ["9 of 10 of 200 rows pass", 0.9, [...repeated(1, 180), ...repeated(0, 20)]],
  ["1 of 100 of 300 rows passes", 0.01, [...repeated(1, 3), ...repeated(0, 297)]],
  ["scores with many ties", 0.5, [...repeated(0.5, 180), ...repeated(0.25, 10), ...repeated(0.75, 10)]],
  ["two rows", 0.5, [1, 0]],
  ["three rows", 1 / 3, [1, 0, 0]],
  ["one row", 0.4, [0.4]],
] as const)("at the boundary it is wrong no more than one run in twenty: %s", ([, mean, dataset]) => {
  // Three standard errors of 2,000 runs above 5 %.
  expect(rejections(2000, mean, () => dataset)).toBeLessThan(0.065);
});

test("independent draws at the boundary are wrong in at most 5 % of runs", () => {
  const coins = (random: Random): number[] => Array.from({ length: 300 }, () => random.coin(0.8));
  expect(rejections(2000, 0.8, coins, true)).toBeLessThan(0.065);
});

test("clusters that agree are safe as clusters, and would not be as rows", () => {
  const m = 0.5;
  const clusters = Array.from({ length: 60 }, (_, index) =>
    repeated(index % 2, 1 + (Math.floor(index / 2) % 5)),
  );
  expect(rejections(2000, m, () => clusters.map((cluster) => clusterValue(cluster, m, 5)))).toBeLessThan(
    0.065,
  );

  const random = seededRandom(9);
  let wrong = 0;
  for (let run = 0; run < 1000; run += 1) {
    const rows = random.shuffled(clusters).flat();
    if (betPValue(drawAll(rows, m, rows.length)) <= 0.05) wrong += 1;
  }
  expect(wrong / 1000).toBeGreaterThan(0.065);
});

test("rounding takes no cluster's value off the scale", () => {
  expect(clusterValue([0, 0, 0], 0.1, 3)).toBe(0);
  expect(clusterValue([1, 1, 1], 0.9, 3)).toBe(1);
});

test("a cluster's value stays on the scale, and its mean is above m where that of the rows is", () => {
  const clusters = fc.array(fc.array(fc.constantFrom(0, 0.25, 0.5, 1), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(clusters, fc.constantFrom(0.1, 0.5, 0.8), (groups, m) => {
      const largest = Math.max(...groups.map((group) => group.length));
      const entered = groups.map((group) => clusterValue(group, m, largest));
      expect(entered.every((value) => value >= 0 && value <= 1)).toBe(true);
      const excess = groups.flat().reduce((sum: number, value) => sum + value - m, 0);
      const total = entered.reduce((sum, value) => sum + value - m, 0);
      expect(total).toBeCloseTo(excess / largest, 9);
    }),
  );
});
