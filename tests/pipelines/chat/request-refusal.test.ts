import { expect, test } from "vitest";
import { readAiChatRequest } from "../../../pipelines/chat/ai-chat-request.ts";
import { ChatError } from "../../../pipelines/chat/chat-error.ts";
import { readOpenaiRequest } from "../../../pipelines/chat/openai-request.ts";

const HI = { role: "user", content: "Hi" };

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ChatError) return error.message;
    throw error;
  }
  return "not refused";
}

test.each<[unknown, string]>([
  [[], "body: Expected a mapping of keys to values."],
  [{ messages: [HI] }, "model: missing. Expected a text."],
  [{ model: "shop" }, "messages: missing. Expected a list."],
  [{ model: "shop", messages: [] }, "messages: Expected at least one."],
  [
    { model: "shop", messages: [{ ...HI, role: "king" }] },
    "messages.0.role: Expected system, developer, user, assistant, tool or function.",
  ],
  [
    { model: "shop", messages: [{ ...HI, content: 5 }] },
    "messages.0.content: Expected a text, a list or nothing.",
  ],
  [
    { model: "shop", messages: [{ ...HI, content: ["Hi"] }] },
    "messages.0.content.0: Expected a mapping of keys to values.",
  ],
  [{ model: "shop", messages: [HI], n: 2 }, "n: Expected 1."],
  [
    { model: "shop", messages: [HI], tool_choice: "sometimes" },
    "tool_choice: Expected none, auto, required or a mapping of keys to values.",
  ],
])("OpenAI's clients are told in words what was expected where: %j", (body, message) => {
  expect(messageOf(() => readOpenaiRequest(body))).toBe(message);
});

test.each<[object, string]>([
  [{ sessionState: {} }, "sessionState.session: missing. Expected a text."],
  [{ context: { customerId: [1] } }, "context.customerId: Expected a text, a number or true or false."],
  [{ messages: [{ ...HI, files: [{}] }] }, "messages.0.files: files are not read by this endpoint"],
])("and so are Microsoft's: %j", (body, message) => {
  const path = { flow: "shop", streamed: false };
  expect(messageOf(() => readAiChatRequest({ messages: [HI], ...body }, path))).toBe(message);
});
