import { loadJudgePrompt } from "./judge-prompt.ts";
import { modelGraded } from "./model-graded.ts";

export const responseCompleteness = modelGraded({
  name: "response_completeness",
  needs: ["answer", "ground_truth"],
  help: "Whether the answer says all that the expected answer says.",
  source: "Azure AI Evaluation, ResponseCompletenessEvaluator",
  prompt: loadJudgePrompt(new URL("prompts/response_completeness.md", import.meta.url)),
});
