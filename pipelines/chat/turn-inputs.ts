import { chatInputs } from "../../shared/flow/chat-inputs.ts";
import { conversationInputs } from "../../shared/flow/conversation-inputs.ts";
import { missingInputs } from "../../shared/flow/input-values.ts";
import { typedInputs } from "../../shared/flow/typed-inputs.ts";
import { ChatError } from "./chat-error.ts";
import type { TurnRequest } from "./chat-protocol.ts";
import type { ServingVersion } from "./flow-catalog.ts";

/**
 * The inputs of a flow from what is asked, those the client gives in the types that the flow declares: protocols carry
 * them as texts. Throws `ChatError` naming every one that cannot be read so, or that is required and missing.
 */
export function turnInputs(
  { loaded }: ServingVersion,
  { messages, inputs: given, inputsField: field }: Pick<TurnRequest, "messages" | "inputs" | "inputsField">,
): Record<string, unknown> {
  const { values, problems } = typedInputs(loaded, chatInputs(loaded, messages, given));
  // What was said is text, whatever the flow would rather have.
  const wrong = problems.filter(({ name }) => Object.hasOwn(given, name) && values[name] === given[name]);
  if (wrong.length > 0) {
    const said = wrong.map(({ message, remedy }) => `${message} ${remedy}`).join(" ");
    throw refusal(`${field[0]?.toUpperCase()}${field.slice(1)}: ${said}`, "invalid_input", field, wrong);
  }
  const { steps } = conversationInputs(loaded);
  const missing = missingInputs(loaded.prompt, values).filter(({ name }) => !steps.has(name));
  if (missing.length > 0) {
    const [what, them] = missing.length === 1 ? ["input", "it"] : ["inputs", "them"];
    const names = missing.map(({ name }) => name).join(", ");
    throw refusal(
      `The flow needs the ${what} ${names}. Give ${them} in ${field}.`,
      "missing_input",
      field,
      missing,
    );
  }
  return values;
}

function refusal(
  message: string,
  code: string,
  field: string,
  inputs: readonly { name: string }[],
): ChatError {
  return new ChatError(400, "invalid_request_error", code, message, `${field}.${inputs[0]?.name ?? ""}`);
}
