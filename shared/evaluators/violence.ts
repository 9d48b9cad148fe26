import { harmSeverity } from "./safety/harm-severity.ts";

export const violence = harmSeverity({
  name: "violence",
  category: "Violence",
  help: "How severe violence in the answer is.",
  source: "Azure AI Evaluation, ViolenceEvaluator",
  prompt: new URL("prompts/violence.md", import.meta.url),
});
