import type { SimulatedMetric } from "./paired-scores.ts";

const NAMES = ["groundedness", "relevance", "coherence", "fluency"] as const;

const score = (name: string, difference: number): SimulatedMetric => ({ name, kind: "score", difference });

export const JUDGE_SCORE = score("groundedness", 0);
export const PASS_OR_FAIL: SimulatedMetric = { name: "exact_match", kind: "pass", difference: 0 };

/** What is simulated, as the page of the verdict lists it. */
export const SCENARIOS = {
  /** One judge's score, no true difference. */
  score_same: [JUDGE_SCORE],
  /** One judge's score, five points better. */
  score_better: [score("groundedness", 0.05)],
  /** Pass or fail, ten points worse. */
  binary_worse: [{ ...PASS_OR_FAIL, difference: -0.1 }],
  /** Four judges' scores, no true difference. */
  four_good: NAMES.map((name) => score(name, 0)),
  /** Four judges' scores, of which one is ten points worse. */
  four_worse: NAMES.map((name, index) => score(name, index === 0 ? -0.1 : 0)),
} satisfies Record<string, SimulatedMetric[]>;
