import { loadJudgePrompt } from "./judge-prompt.ts";
import { modelGraded } from "./model-graded.ts";

export const fluency = modelGraded({
  name: "fluency",
  needs: ["answer"],
  help: "Whether the answer is written in correct, natural language.",
  source: "Azure AI Evaluation, FluencyEvaluator",
  prompt: loadJudgePrompt(new URL("prompts/fluency.md", import.meta.url)),
});
