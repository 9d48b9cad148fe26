import { imageInputs } from "../../shared/flow/image-inputs.ts";
import type { LoadedFlow } from "../../shared/flow/load-flow.ts";
import { ChatError } from "./chat-error.ts";
import type { TurnRequest } from "./chat-protocol.ts";

/** More than any model reads; refused before anything is paid for it, or held against the version that would fail on it. */
const MOST_CHARACTERS = 2_000_000;
/** More than any service takes of one conversation. */
const MOST_MESSAGES = 10_000;

/** Throws `ChatError` (413) for a conversation, with its tool calls, that nobody could answer. */
export function checkLength({ messages }: Pick<TurnRequest, "messages">): void {
  if (messages.length > MOST_MESSAGES) {
    throw tooLarge(`There are ${messages.length} messages; at most ${MOST_MESSAGES} are read.`, "messages");
  }
  let characters = 0;
  for (const { text, tool_calls: calls, tool_call_id: id, name } of messages) {
    characters += text.length + (id?.length ?? 0) + (name?.length ?? 0);
    if (calls !== undefined) characters += writtenLength(calls);
  }
  if (characters <= MOST_CHARACTERS) return;
  throw tooLarge(
    `The messages have ${characters} characters; at most ${MOST_CHARACTERS} are read.`,
    "messages",
  );
}

/** Throws `ChatError` (413) for inputs that are as long; what is sent as an image is no text, and may be. */
export function checkInputLength(
  flow: LoadedFlow,
  { inputs, inputsField: field }: Pick<TurnRequest, "inputs" | "inputsField">,
): void {
  if (lengthOf(inputs) <= MOST_CHARACTERS) return;
  const characters = lengthOf(inputs, imageInputs(flow));
  if (characters <= MOST_CHARACTERS) return;
  throw tooLarge(`${field} has ${characters} characters; at most ${MOST_CHARACTERS} are read.`, field);
}

function lengthOf(inputs: TurnRequest["inputs"], without?: ReadonlySet<string>): number {
  let characters = 0;
  for (const name in inputs) {
    if (without?.has(name) !== true) characters += name.length + (inputs[name]?.length ?? 0);
  }
  return characters;
}

/** Calls so deep that they cannot be written are longer than any. */
function writtenLength(calls: readonly unknown[]): number {
  try {
    return JSON.stringify(calls).length;
  } catch {
    return Infinity;
  }
}

function tooLarge(message: string, param: string): ChatError {
  return new ChatError(413, "invalid_request_error", "request_too_large", message, param);
}
