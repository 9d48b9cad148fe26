import { expect, test } from "vitest";
import { chatErrorOf, stoppedFlow } from "../../../pipelines/chat/chat-error.ts";
import { refusalLine } from "../../../pipelines/chat/refusal-line.ts";
import { ModelError, RetryLaterError, SettingsError } from "../../../shared/errors.ts";

const WORDS = "what the customer said";

test.each<[string, unknown, string]>([
  [
    "a model",
    new ModelError(WORDS, { kind: "unavailable", status: 500 }),
    "model_unavailable: unavailable (HTTP 500)",
  ],
  [
    "a model that is not there",
    new ModelError(WORDS, { kind: "unavailable" }),
    "model_unavailable: unavailable",
  ],
  ["storage", new RetryLaterError("It is gone."), "unavailable: It is gone."],
  ["settings", new SettingsError("PORT is not set."), "internal_error: PORT is not set."],
])("the log says what failed: %s", (_what, error, line) => {
  expect(refusalLine(chatErrorOf(error))).toBe(line);
});

test("of what nobody expected it says where, and nothing of what was said", () => {
  const quoting = (): unknown => JSON.parse(WORDS);
  let line: string | undefined;
  try {
    quoting();
  } catch (error) {
    line = refusalLine(chatErrorOf(error));
  }
  expect(line).toMatch(/^internal_error: SyntaxError\n {4}at [^]*quoting/);
  expect(line).not.toContain("what");
});

test("what a client did, or a person who switched the flow off, is no line of the log", () => {
  const busy = new ModelError("busy", { kind: "throttled" });
  expect(refusalLine(chatErrorOf(busy))).toBeUndefined();
  expect(refusalLine(stoppedFlow("shop"))).toBeUndefined();
});
