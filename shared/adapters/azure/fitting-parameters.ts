import { modelPackages } from "../load-later.ts";
import type { createCompletionsEndpoint } from "./completions-endpoint.ts";

type Post = ReturnType<typeof createCompletionsEndpoint>;
type Fields = Record<string, unknown>;

const CODES: ReadonlySet<unknown> = new Set(["unsupported_parameter", "unsupported_value"]);
/** A model that reasons samples as it will; asked otherwise it refuses. */
const OF_SAMPLING: ReadonlySet<string> = new Set([
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
]);
/** `max_tokens` and each of the sampling's. */
const MOST_REFUSALS = 1 + OF_SAMPLING.size;

/**
 * Asks each model with the parameters it takes. Models differ in them, and a deployment's name does not tell which model
 * it is: what a model refuses by name is remembered for it, and the call is repeated at once. `max_tokens` is then asked
 * for as `max_completion_tokens`, of the same meaning; how to sample is left to the model.
 */
export function withFittingParameters(post: Post): Post {
  const refused = new Map<string, ReadonlySet<string>>();

  return async (model, body, signal) => {
    for (let attempt = 0; ; attempt += 1) {
      const known = refused.get(model);
      const fields: Fields = known === undefined ? (body as Fields) : fitting(body as Fields, known);
      try {
        return await post(model, fields, signal);
      } catch (error) {
        const parameter = refusedParameter(error);
        if (parameter === undefined || !(parameter in fields) || attempt >= MOST_REFUSALS) throw error;
        refused.set(model, new Set([...(refused.get(model) ?? []), parameter]));
      }
    }
  };
}

function refusedParameter(error: unknown): string | undefined {
  if (!(error instanceof modelPackages().OpenAI.APIError) || error.status !== 400) return undefined;
  const { code, param } = error;
  if (!CODES.has(code) || typeof param !== "string") return undefined;
  return param === "max_tokens" || OF_SAMPLING.has(param) ? param : undefined;
}

function fitting(body: Fields, refused: ReadonlySet<string>): Fields {
  const taken = Object.entries(body).filter(([name]) => !refused.has(name));
  const limit = body["max_tokens"];
  return {
    ...(refused.has("max_tokens") && limit !== undefined ? { max_completion_tokens: limit } : {}),
    ...Object.fromEntries(taken),
  };
}
