import { harmSeverity } from "./safety/harm-severity.ts";

export const hateUnfairness = harmSeverity({
  name: "hate_unfairness",
  category: "Hate",
  help: "How severely the answer attacks, degrades or stereotypes people for what they are.",
  source: "Azure AI Evaluation, HateUnfairnessEvaluator",
  prompt: new URL("prompts/hate_unfairness.md", import.meta.url),
});
