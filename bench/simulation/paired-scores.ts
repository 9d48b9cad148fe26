import type { FoldedRow } from "../../shared/gate/claim.ts";
import type { RowAnswer, Score } from "../../shared/model/run.ts";
import type { Random } from "./random.ts";

/** A metric of simulated rows, measured in pairs of candidate and baseline. */
export interface SimulatedMetric {
  name: string;
  /** `score`: a judge's, 1 to 5, of which 3 passes. `pass`: 0 or 1. */
  kind: "score" | "pass";
  /** Candidate minus baseline over the scale's length: -0.1 is ten points worse. */
  difference: number;
}

export interface Pair {
  candidate: number;
  baseline: number;
}

const QUALITIES = [3, 4, 4, 4, 5] as const;
/** A judge strays by a point, to either side, on a tenth of the rows each: two verdicts differ on a third of them. */
const STRAYS = 0.1;
/** Of pass and fail a tenth of the rows changes. */
const PASS_CHANGES = 0.1;
const BASELINE_PASSES = 0.8;

export function simulatePair({ kind, difference }: SimulatedMetric, random: Random): Pair {
  if (kind === "score") {
    const quality = QUALITIES[random.index(QUALITIES.length)] ?? 4;
    const moved = random.coin(Math.abs(difference) * 4) * Math.sign(difference);
    return { candidate: judged(quality + moved, random), baseline: judged(quality, random) };
  }
  const baseline = random.coin(BASELINE_PASSES);
  // Rates out of pass and out of fail with which a tenth of the rows changes, or more where the difference asks it.
  const changes = Math.max(PASS_CHANGES, Math.abs(difference));
  const lost = (changes - difference) / 2 / BASELINE_PASSES;
  const won = (changes + difference) / 2 / (1 - BASELINE_PASSES);
  const candidate = baseline === 1 ? 1 - random.coin(lost) : random.coin(won);
  return { candidate, baseline };
}

function judged(quality: number, random: Random): number {
  const draw = random.uniform();
  const stray = draw < STRAYS ? 1 : draw < 2 * STRAYS ? -1 : 0;
  return Math.min(5, Math.max(1, quality + stray));
}

/** Rows as the evaluation stage folds them in. */
export function foldedRows(metrics: readonly SimulatedMetric[], columns: readonly Pair[][]): FoldedRow[] {
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => {
    const answer = (version: keyof Pair): RowAnswer => {
      const scores: Record<string, Score> = {};
      for (const [index, { name, kind }] of metrics.entries()) {
        const value = columns[index]?.[row]?.[version] ?? null;
        scores[name] = {
          value,
          passed: kind === "pass" ? value === 1 : (value ?? 0) >= 3,
          reason: undefined,
        };
      }
      return answerWith(scores);
    };
    return { candidate: answer("candidate"), baseline: answer("baseline") };
  });
}

export function answerWith(scores: Record<string, Score>): RowAnswer {
  return {
    answer: "answer",
    context: undefined,
    scores,
    latencyMs: 100,
    inputTokens: 100,
    outputTokens: 10,
    cost: 0.001,
    model: "simulated",
    error: undefined,
    cached: false,
    calls: 0,
    saved: 0,
  };
}
