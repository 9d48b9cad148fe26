import { loadJudgePrompt } from "./judge-prompt.ts";
import { modelGraded } from "./model-graded.ts";

export const similarity = modelGraded({
  name: "similarity",
  needs: ["question", "answer", "ground_truth"],
  help: "Whether the answer means the same as the expected answer.",
  source: "Azure AI Evaluation, SimilarityEvaluator",
  prompt: loadJudgePrompt(new URL("prompts/similarity.md", import.meta.url)),
});
