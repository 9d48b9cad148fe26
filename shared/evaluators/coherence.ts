import { loadJudgePrompt } from "./judge-prompt.ts";
import { modelGraded } from "./model-graded.ts";

export const coherence = modelGraded({
  name: "coherence",
  needs: ["question", "answer"],
  help: "Whether the answer's sentences follow from one another.",
  source: "Azure AI Evaluation, CoherenceEvaluator",
  prompt: loadJudgePrompt(new URL("prompts/coherence.md", import.meta.url)),
});
