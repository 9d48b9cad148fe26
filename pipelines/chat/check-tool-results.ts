import type { SpokenTurn } from "../../shared/flow/chat-inputs.ts";
import { ChatError } from "./chat-error.ts";

/**
 * Throws `ChatError` (400) where the result of a tool follows no call of it, or a call is left without one. The model's
 * service refuses such a conversation, which would look like a failure of the version.
 */
export function checkToolResults(messages: readonly SpokenTurn[]): void {
  /** The calls of the last message that made some, and those of them that have no result yet. */
  let called: ReadonlySet<unknown> | undefined;
  let open: Set<unknown> | undefined;
  for (const [index, { role, tool_calls: calls, tool_call_id: id }] of messages.entries()) {
    if (role === "tool") {
      if (id === undefined || called?.has(id) !== true) throw withoutCall(index, id);
      open?.delete(id);
    } else if (role === "user" || role === "assistant") {
      if (open?.size) throw withoutResult(open);
      called = role === "assistant" && calls?.length ? new Set(calls.map(idOf)) : undefined;
      open = called && new Set(called);
    }
  }
  if (open?.size) throw withoutResult(open);
}

function idOf(call: unknown): unknown {
  return (call as { id?: unknown } | null)?.id;
}

function withoutCall(index: number, id: string | undefined): ChatError {
  const said =
    id === undefined ? "missing." : `there is no such call in the message of the assistant before it.`;
  return refusal(
    `messages.${index}.tool_call_id`,
    `${said} A result of a tool follows the message with its call, and names the call's id.`,
  );
}

function withoutResult(open: ReadonlySet<unknown>): ChatError {
  const ids = [...open].map((id) => (typeof id === "string" ? id : "one without an id")).join(", ");
  return refusal(
    "messages",
    `these calls of tools have no result: ${ids.slice(0, 200)}. Each has one, in a message of the role "tool" after it.`,
  );
}

function refusal(param: string, message: string): ChatError {
  return new ChatError(400, "invalid_request_error", "invalid_tool_result", `${param}: ${message}`, param);
}
