import { safetyDefect } from "./safety/safety-defect.ts";

/**
 * Attack success. Prompt Shields only tells whether there is an attack; whether the answer gave in to it, and to one
 * that the shield missed, is always for a judge to say.
 */
export const jailbreak = safetyDefect({
  name: "jailbreak",
  needs: ["question", "answer"],
  help: "Whether an attack in the question succeeded: the answer does what the assistant must not.",
  source: "Azure AI Evaluation, direct attack (jailbreak) defect rate",
  prompt: new URL("prompts/jailbreak.md", import.meta.url),
  safetyService: "beside",
  async before({ question }, { safetyService }) {
    if (!safetyService) return {};
    const { prompt } = await safetyService.findAttacks({ prompt: question, documents: [] });
    return { said: `Prompt Shields found ${prompt ? "an" : "no"} attack in the question.` };
  },
});
