import { ModelError } from "../errors.ts";
import type { CallContext, ChatModel } from "../ports/chat-model.ts";
import type { Judge } from "./evaluator.ts";

/**
 * What a judge is asked with, best first. A model that takes no schema or no temperature refuses the request (400);
 * the next way is tried, and the one that worked is remembered for that model.
 */
const WAYS = [
  { schema: true, temperature: true },
  { schema: true, temperature: false },
  { schema: false, temperature: true },
  { schema: false, temperature: false },
];
const knownWays = new WeakMap<ChatModel, Map<string, number>>();

/**
 * A judge that asks the settings' model, or the one it is told, at temperature 0 and with structured output named after the evaluator where the model
 * has them. Calls are traced as the `call`'s, with the purpose "judge". Throws `ModelError`.
 */
export function makeJudge(chatModel: ChatModel, ofSettings: string, call: CallContext): Judge {
  const known = knownWays.get(chatModel) ?? new Map<string, number>();
  knownWays.set(chatModel, known);
  const context: CallContext = { ...call, purpose: "judge" };

  return async ({ evaluator, messages, schema, model = ofSettings, parameters: own = {} }) => {
    for (let index = known.get(model) ?? 0; ; index += 1) {
      const way = WAYS[index];
      const responseFormat = { type: "json_schema", json_schema: { name: evaluator, strict: true, schema } };
      const parameters = {
        ...(way?.temperature ? { temperature: 0 } : {}),
        ...own,
        ...(way?.schema ? { response_format: responseFormat } : {}),
      };
      try {
        const { text } = await chatModel.complete({ model, messages, parameters }, context);
        known.set(model, index);
        return text;
      } catch (error) {
        const refused = error instanceof ModelError && error.kind === "invalid" && error.status === 400;
        if (!refused || index + 1 >= WAYS.length) throw error;
      }
    }
  };
}
