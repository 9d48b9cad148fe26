import { describe, expect, test } from "vitest";
import { ChatError } from "../../../pipelines/chat/chat-error.ts";
import { checkToolResults } from "../../../pipelines/chat/check-tool-results.ts";
import type { SpokenTurn } from "../../../shared/flow/chat-inputs.ts";

const ASKED: SpokenTurn = { role: "user", text: "Where are my orders?" };
const SAID: SpokenTurn = { role: "assistant", text: "On their way." };
const calls = (...ids: unknown[]): SpokenTurn => ({
  role: "assistant",
  text: "",
  tool_calls: ids.map((id) => ({ id })),
});
const result = (id: string | undefined): SpokenTurn => ({ role: "tool", text: "sent", tool_call_id: id });

function refusalOf(messages: SpokenTurn[]): unknown {
  try {
    checkToolResults(messages);
  } catch (error) {
    if (error instanceof ChatError) return error.body().error;
    throw error;
  }
  return undefined;
}

describe("calls of tools and their results", () => {
  test.each<[string, SpokenTurn[]]>([
    ["none", [ASKED, SAID, ASKED]],
    [
      "in any order, with what is not read between them",
      [ASKED, calls("a", "b"), result("b"), { role: "system", text: "" }, result("a")],
    ],
    ["one after the other", [ASKED, calls("a"), result("a"), calls("b"), result("b"), SAID, ASKED]],
    ["told twice", [ASKED, calls("a"), result("a"), result("a")]],
  ])("are taken: %s", (_what, messages) => {
    expect(refusalOf(messages)).toBeUndefined();
  });

  test.each<[string, SpokenTurn[], string, string]>([
    ["a result without an id", [ASKED, calls("a"), result(undefined)], "messages.2.tool_call_id", "missing"],
    ["a result of no call", [result("a"), ASKED], "messages.0.tool_call_id", "no such call"],
    [
      "a result of an earlier call",
      [ASKED, calls("a"), result("a"), ASKED, result("a")],
      "messages.4.tool_call_id",
      "no such call",
    ],
    ["a call without a result", [ASKED, calls("a", "b"), result("a")], "messages", "no result: b"],
    ["a question before the result", [ASKED, calls("a"), ASKED, result("a")], "messages", "no result: a"],
    [
      "a call without an id",
      [ASKED, calls(undefined), result("a")],
      "messages.2.tool_call_id",
      "no such call",
    ],
  ])("are refused: %s", (_what, messages, param, message) => {
    expect(refusalOf(messages)).toMatchObject({ param, message: expect.stringContaining(message) });
  });
});
