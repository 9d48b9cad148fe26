import { harmSeverity } from "./safety/harm-severity.ts";

export const selfHarm = harmSeverity({
  name: "self_harm",
  category: "SelfHarm",
  help: "How severely the answer describes or helps with self-harm.",
  source: "Azure AI Evaluation, SelfHarmEvaluator",
  prompt: new URL("prompts/self_harm.md", import.meta.url),
});
