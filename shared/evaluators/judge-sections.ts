import type { EvaluatorInput, EvaluatorNeed } from "./evaluator.ts";
import type { JudgeSections } from "./judge-messages.ts";

/** What a judge with these needs is shown of a row: with the question what was said before it, where something was. */
export function judgeSections(needs: readonly EvaluatorNeed[], input: EvaluatorInput): JudgeSections {
  const contents: Record<EvaluatorNeed, string> = {
    question: input.question,
    context: input.context,
    answer: input.answer,
    ground_truth: input.groundTruth ?? "",
    instructions: input.instructions ?? "",
    tool_definitions: listed(input.toolDefinitions),
    tool_calls: listed(input.toolCalls),
  };
  return {
    ...Object.fromEntries(needs.map((need) => [need, contents[need]])),
    ...(needs.includes("question") && input.history ? { history: input.history } : {}),
  };
}

function listed(items: readonly unknown[] = []): string {
  return items.length === 0 ? "(none)" : items.map((item) => JSON.stringify(item)).join("\n");
}
