import { ModelError } from "../errors.ts";
import type { CallContext, ChatAnswer, ChatModel } from "../ports/chat-model.ts";
import { checkAnswer } from "./check-answer.ts";
import type { LoadedPromptStep } from "./load-step.ts";
import { renderMessages, templateOf, withOneHistory } from "./render-messages.ts";

/**
 * Runs a step's prompt through the chat model. The value is the answer's text, or what it says as JSON where the
 * prompt asks for JSON. Throws `TemplateError`, `RenderError`, `ModelError`.
 */
export async function runPromptStep(
  { prompt, inputs }: LoadedPromptStep,
  known: Readonly<Record<string, unknown>>,
  chatModel: ChatModel,
  call: CallContext,
): Promise<{ value: unknown; answer: ChatAnswer }> {
  // Nothing else of the turn is passed on: a history that the prompt does not ask for is none of its business.
  const names = [...templateOf(prompt).names, ...prompt.inputs].map(({ name }) => name);
  const outer = withOneHistory(prompt, known);
  const taken = names
    .filter((name) => Object.hasOwn(outer, name))
    .map((name) => [name, outer[name]] as const);
  const given = [...inputs].map(([name, input]) => [name, input.evaluate(known)] as const);
  const values: Record<string, unknown> = Object.fromEntries([...taken, ...given]);
  const messages = renderMessages(prompt, values);
  const answer = await chatModel.complete(
    { model: prompt.model, messages, parameters: prompt.parameters },
    call,
  );
  checkAnswer(answer.text, answer.finishReason);
  const text = answer.text.trim();
  return { value: asksForJson(prompt.parameters) ? parseJson(text) : text, answer };
}

function asksForJson({ response_format: format }: Record<string, unknown>): boolean {
  const type = (format as { type?: unknown } | undefined)?.type;
  return type === "json_object" || type === "json_schema";
}

/** Models like to put JSON into a code block. */
const FENCED = /^```(?:json)?\s*\n([\s\S]*)\n\s*```$/i;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(FENCED.exec(text)?.[1] ?? text);
  } catch (error) {
    throw new ModelError("The answer is not the JSON that the prompt asks for.", {
      kind: "empty",
      cause: error,
    });
  }
}
