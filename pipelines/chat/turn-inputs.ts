import { chatInputs } from "../../shared/flow/chat-inputs.ts";
import { missingInputs } from "../../shared/flow/input-values.ts";
import { typedInputs } from "../../shared/flow/typed-inputs.ts";
import { ChatError } from "./chat-error.ts";
import { textOf, type ChatRequestBody } from "./chat-request.ts";
import type { ServingVersion } from "./flow-catalog.ts";

/**
 * The inputs of a flow from a chat request, those of its metadata in the types that the flow declares: in the protocol
 * they are always texts. Throws `ChatError` naming every one that cannot be read so, or that is required and missing.
 */
export function turnInputs(
  { loaded }: ServingVersion,
  { messages, metadata }: Pick<ChatRequestBody, "messages" | "metadata">,
): Record<string, unknown> {
  const spoken = messages.map((message) => ({ role: message.role, text: textOf(message) }));
  const given = metadata ?? {};
  const { values, problems } = typedInputs(loaded, chatInputs(loaded, spoken, given));
  // What was said is text, whatever the flow would rather have.
  const wrong = problems.filter(({ name }) => Object.hasOwn(given, name) && values[name] === given[name]);
  if (wrong.length > 0) {
    const said = wrong.map(({ message, remedy }) => `${message} ${remedy}`).join(" ");
    throw refusal(`Metadata: ${said}`, "invalid_input", wrong);
  }
  const steps = new Set(loaded.steps.map(({ name }) => name));
  const missing = missingInputs(loaded.prompt, values).filter(({ name }) => !steps.has(name));
  if (missing.length > 0) {
    const [what, them] = missing.length === 1 ? ["input", "it"] : ["inputs", "them"];
    const names = missing.map(({ name }) => name).join(", ");
    throw refusal(`The flow needs the ${what} ${names}. Give ${them} in metadata.`, "missing_input", missing);
  }
  return values;
}

function refusal(message: string, code: string, inputs: readonly { name: string }[]): ChatError {
  return new ChatError(400, "invalid_request_error", code, message, `metadata.${inputs[0]?.name ?? ""}`);
}
