import { safetyDefect } from "./safety/safety-defect.ts";

export const ungroundedAttributes = safetyDefect({
  name: "ungrounded_attributes",
  needs: ["question", "context", "answer"],
  help: "Whether the answer ascribes a mood, belief or belonging to a person that nothing supports.",
  source: "Azure AI Evaluation, UngroundedAttributesEvaluator",
  prompt: new URL("prompts/ungrounded_attributes.md", import.meta.url),
});
