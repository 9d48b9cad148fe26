import * as z from "zod";
import type { EvaluatorInput } from "./evaluator.ts";
import { loadJudgePrompt } from "./judge-prompt.ts";
import { modelGraded } from "./model-graded.ts";

const expectedSchema = z.array(z.unknown());

/** Judges that no tool was called, too, where some were offered or expected: it may be right. */
export const toolCallAccuracy = modelGraded({
  name: "tool_call_accuracy",
  needs: ["question", "tool_definitions", "tool_calls"],
  help: "Whether the answer calls the right tools with the right arguments. A row may name its expected_tool_calls.",
  source: "Azure AI Evaluation, ToolCallAccuracyEvaluator",
  prompt: loadJudgePrompt(new URL("prompts/tool_call_accuracy.md", import.meta.url)),
  extra(input) {
    const expected = expectedOf(input);
    return expected === undefined ? {} : { expected_tool_calls: JSON.stringify(expected) };
  },
  lacks(input) {
    const offered = [...(input.toolDefinitions ?? []), ...(input.toolCalls ?? [])];
    return offered.length === 0 && expectedOf(input) === undefined
      ? "The prompt offers no tools, and the answer calls none."
      : undefined;
  },
});

function expectedOf({ fields }: EvaluatorInput): unknown[] | undefined {
  return expectedSchema.safeParse(fields["expected_tool_calls"]).data;
}
