import type { EvaluatorInput, EvaluatorNeed } from "./evaluator.ts";

/**
 * Why a row cannot be scored by an evaluator with these needs; undefined where it can. An answer must hold words, or
 * call a tool where that is what is judged; an empty context is not a lack: an answer that draws on nothing can be
 * judged for that.
 */
export function unscorable(needs: readonly EvaluatorNeed[], input: EvaluatorInput): string | undefined {
  const calls = needs.includes("tool_calls") && (input.toolCalls ?? []).length > 0;
  if (input.answer.trim() === "" && !calls) return "There is no answer to score.";
  if (needs.includes("question") && input.question.trim() === "") return "The row has no question.";
  if (needs.includes("ground_truth") && !input.groundTruth?.trim()) return "The row has no ground_truth.";
  return undefined;
}
