import type { EvaluatorName } from "../../shared/evaluators/evaluator.ts";

/** How the evaluators are called elsewhere. */
const NAMES: [EvaluatorName, RegExp][] = [
  ["groundedness", /ground(?:ed|ing)(?!.?truth)/i],
  ["relevance", /relevan/i],
  ["coherence", /coheren/i],
  ["fluency", /fluen/i],
  ["similarity", /similarity|_sim\b/i],
  ["f1_score", /f1/i],
  ["exact_match", /exact.?match|accuracy/i],
];

/** The evaluators of ours that any of the names means. */
export function evaluatorsNamed(names: readonly string[]): EvaluatorName[] {
  return NAMES.filter(([, pattern]) => names.some((name) => pattern.test(name))).map(([known]) => known);
}
