import { loadJudgePrompt } from "./judge-prompt.ts";
import { modelGraded } from "./model-graded.ts";

export const intentResolution = modelGraded({
  name: "intent_resolution",
  needs: ["question", "answer"],
  help: "Whether the answer recognises what is wanted and settles it.",
  source: "Azure AI Evaluation, IntentResolutionEvaluator",
  prompt: loadJudgePrompt(new URL("prompts/intent_resolution.md", import.meta.url)),
});
