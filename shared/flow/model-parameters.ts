import type { PromptyModel } from "./prompty-agent.ts";
import { isFields } from "./prompty-property.ts";

const NAMES = new Map([
  ["topP", "top_p"],
  ["topK", "top_k"],
  ["frequencyPenalty", "frequency_penalty"],
  ["presencePenalty", "presence_penalty"],
  ["stopSequences", "stop"],
  ["allowMultipleToolCalls", "parallel_tool_calls"],
]);

/** The parameters of the model call as chat completions name them, from either dialect. What is null is not set. */
export function modelParameters(model: PromptyModel): Record<string, unknown> {
  const { additionalProperties, maxOutputTokens, ...options } = model.options ?? {};
  // Reasoning models refuse the older name of the limit.
  const limit = /^(o\d|gpt-5)/.test(model.id ?? "") ? "max_completion_tokens" : "max_tokens";
  const named = Object.entries(options).map(([key, value]) => [NAMES.get(key) ?? key, value] as const);
  return Object.fromEntries(
    [
      ...(isFields(additionalProperties) ? Object.entries(additionalProperties) : []),
      ...named,
      [limit, maxOutputTokens] as const,
      ...Object.entries(model.parameters ?? {}),
    ].filter(
      ([key, value]) => value !== undefined && value !== null && !(key === "stop" && isEmptyList(value)),
    ),
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
