import { ChatError } from "./chat-error.ts";
import type { TurnRequest } from "./chat-protocol.ts";

/** Throws `ChatError` (400) for a conversation in which nobody asks: the model would be paid for an answer to nothing. */
export function checkQuestion({ messages }: Pick<TurnRequest, "messages">): void {
  if (messages.some(({ role }) => role === "user")) return;
  throw new ChatError(
    400,
    "invalid_request_error",
    "missing_question",
    'messages: there is none of the role "user". The last of them is the question that the flow answers.',
    "messages",
  );
}
