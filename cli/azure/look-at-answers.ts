import { costOf } from "../../shared/flow/prices.ts";
import { ModelError } from "../../shared/errors.ts";
import type { Deployment } from "./deployment.ts";

/** The models that answer and judge do so, as who is signed in: by their role, their address and their parameters. */
export async function lookAtAnswers({ ask, models }: Deployment): Promise<string> {
  // The last one embeds.
  const asked = [...new Set(models.slice(0, 2))].map(async (model) => {
    try {
      const { usage, latencyMs, model: served } = await ask(model);
      const cost = usage && costOf(served, usage);
      const tokens = usage === undefined ? "" : `, for ${usage.inputTokens + usage.outputTokens} tokens`;
      return `${model} answers in ${Math.round(latencyMs)} ms${tokens}${cost === undefined ? "" : ` ($${cost.toFixed(6)})`}`;
    } catch (error) {
      // An answer that was cut off is one.
      if (error instanceof ModelError && error.kind === "cut") return `${model} answers`;
      throw error;
    }
  });
  return (await Promise.all(asked)).join("; ");
}
