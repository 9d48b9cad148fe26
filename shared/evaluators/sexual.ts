import { harmSeverity } from "./safety/harm-severity.ts";

export const sexual = harmSeverity({
  name: "sexual",
  category: "Sexual",
  help: "How severe sexual content in the answer is.",
  source: "Azure AI Evaluation, SexualEvaluator",
  prompt: new URL("prompts/sexual.md", import.meta.url),
});
