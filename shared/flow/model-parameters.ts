import type { PromptyModel } from "./prompty-agent.ts";

const NAMES: Record<string, string> = {
  topP: "top_p",
  topK: "top_k",
  frequencyPenalty: "frequency_penalty",
  presencePenalty: "presence_penalty",
  stopSequences: "stop",
  allowMultipleToolCalls: "parallel_tool_calls",
};

/** The parameters of the model call as chat completions name them, from either dialect. */
export function modelParameters(model: PromptyModel): Record<string, unknown> {
  const { additionalProperties, maxOutputTokens, ...options } = model.options ?? {};
  const renamed = Object.entries(options).map(([key, value]) => [NAMES[key] ?? key, value] as const);
  // Reasoning models refuse the older name of the limit.
  const limit = /^(o\d|gpt-5)/.test(model.id ?? "") ? "max_completion_tokens" : "max_tokens";
  return {
    ...Object.fromEntries(renamed),
    ...(maxOutputTokens === undefined ? {} : { [limit]: maxOutputTokens }),
    ...(additionalProperties as Record<string, unknown> | undefined),
    ...model.parameters,
  };
}
