import { loadJudgePrompt } from "./judge-prompt.ts";
import { modelGraded } from "./model-graded.ts";

export const taskAdherence = modelGraded({
  name: "task_adherence",
  needs: ["instructions", "question", "answer"],
  help: "Whether the answer does what the prompt's instructions ask for, by their rules.",
  source: "Azure AI Evaluation, TaskAdherenceEvaluator",
  prompt: loadJudgePrompt(new URL("prompts/task_adherence.md", import.meta.url)),
});
