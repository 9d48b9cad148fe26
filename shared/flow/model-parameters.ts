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

/**
 * The parameters of the model call as chat completions name them, from either dialect. What is null is not set. OpenAI
 * and Azure OpenAI take the limit of an answer as `max_completion_tokens` and no `topK` (Prompty's specification,
 * 7.1.5); other servers, such as Ollama, know `max_tokens` and `top_k`.
 */
export function modelParameters(model: PromptyModel): Record<string, unknown> {
  const { additionalProperties, maxOutputTokens, ...options } = model.options ?? {};
  const limit = isOpenAi(model) ? "max_completion_tokens" : "max_tokens";
  const taken = Object.entries(options).filter(([key]) => key !== "topK" || !isOpenAi(model));
  const named = taken.map(([key, value]) => [NAMES.get(key) ?? key, value] as const);
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

/** Whether OpenAI's models answer, said by the provider or by the model's name. */
export function isOpenAi({ id = "", provider }: Pick<PromptyModel, "id" | "provider">): boolean {
  if (provider !== undefined) return /^(openai|azure|foundry)/i.test(provider);
  return /^(o\d|gpt-(?!oss)|chatgpt-)/i.test(id);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
