import { loadJudgePrompt } from "./judge-prompt.ts";
import { modelGraded } from "./model-graded.ts";

export const retrieval = modelGraded({
  name: "retrieval",
  needs: ["question", "context"],
  help: "Whether what the steps found answers the question, what matters first.",
  source: "Azure AI Evaluation, RetrievalEvaluator",
  prompt: loadJudgePrompt(new URL("prompts/retrieval.md", import.meta.url)),
});
