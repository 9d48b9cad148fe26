import { loadJudgePrompt } from "./judge-prompt.ts";
import { modelGraded } from "./model-graded.ts";

export const groundedness = modelGraded({
  name: "groundedness",
  needs: ["question", "answer", "context"],
  help: "Whether the answer says only what its documents and records support.",
  source: "Azure AI Evaluation, GroundednessEvaluator",
  prompt: loadJudgePrompt(new URL("prompts/groundedness.md", import.meta.url)),
});
