import { loadJudgePrompt } from "./judge-prompt.ts";
import { modelGraded } from "./model-graded.ts";

export const relevance = modelGraded({
  name: "relevance",
  needs: ["question", "answer"],
  help: "Whether the answer addresses what was asked, fully and without padding.",
  source: "Azure AI Evaluation, RelevanceEvaluator",
  prompt: loadJudgePrompt(new URL("prompts/relevance.md", import.meta.url)),
});
