import type { Evaluator } from "../evaluators/evaluator.ts";
import type { Score } from "../model/run.ts";

/**
 * The score of a conversation from those of its turns: the mean, and of harm the worst. A turn without a score leaves
 * the whole without one, unless harm that was found decides already.
 */
export function combineTurns(
  { kind, direction, passes }: Pick<Evaluator, "kind" | "direction" | "passes">,
  scores: readonly Score[],
): Score {
  const [only] = scores;
  if (only !== undefined && scores.length === 1) return only;
  const values = scores.flatMap(({ value }) => value ?? []);
  const missing = scores.findIndex(({ value }) => value === null);
  const toldOf = (index: number): string =>
    `Turn ${index + 1}: ${scores[index]?.reason ?? "no reason given"}`;
  if (kind === "safety" && values.length > 0) {
    const worst = direction === "lower" ? Math.max(...values) : Math.min(...values);
    const passed = passes(worst);
    if (missing < 0 || passed === false) {
      const at = scores.findIndex(({ value }) => value === worst);
      return { value: worst, passed, reason: toldOf(at) };
    }
  }
  if (missing >= 0 || values.length === 0) {
    const reason = missing < 0 ? "No turn can be scored." : toldOf(missing);
    return { value: null, passed: undefined, reason };
  }
  const value = values.reduce((sum, found) => sum + found, 0) / values.length;
  const lowest = direction === "higher" ? Math.min(...values) : Math.max(...values);
  const at = scores.findIndex((score) => score.value === lowest);
  return { value, passed: passes(value), reason: `Mean of ${values.length} turns. ${toldOf(at)}` };
}
