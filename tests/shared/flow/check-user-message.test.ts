import { expect, test } from "vitest";
import { checkRenderedUser, checkUserMessage } from "../../../shared/flow/check-user-message.ts";
import { createFindings } from "../../../shared/flow/diagnostics.ts";
import { parsePrompty } from "../../../shared/flow/parse-prompty.ts";
import type { Prompty } from "../../../shared/flow/prompty.ts";
import { renderMessages } from "../../../shared/flow/render-messages.ts";
import { computingTime } from "../computing-time.ts";

function promptOf(text: string): Prompty {
  const { prompt, diagnostics } = parsePrompty("chat.prompty", text, new Map());
  if (prompt === undefined) throw new Error(JSON.stringify(diagnostics));
  return prompt;
}

function statically(text: string): string[] {
  const findings = createFindings();
  checkUserMessage(promptOf(text), findings);
  return findings.list.map(({ line, message }) => `${line}: ${message}`);
}

function rendered(text: string, inputs: Record<string, unknown>): string[] {
  const findings = createFindings();
  const prompt = promptOf(text);
  checkRenderedUser(prompt, renderMessages(prompt, inputs), "these inputs", findings);
  return findings.list.map(({ message }) => message);
}

test.each([
  "system:\nBe kind.\n{#\nuser:\n#}",
  "system:\n{# a #}Be kind.{#\nuser:\nHi\n#}",
  "---\ntemplate: mustache\n---\nsystem:\nBe kind.\n{{!\nuser:\n}}",
])("a marker in a comment is none: %s", (text) => {
  expect(statically(text)).toEqual([expect.stringContaining("The template has no user message")]);
});

test.each([
  "{# a #}\nuser:\n{# b #}Hi",
  "{# note #}user:\nHi",
  "{% if a %}user:{% endif %}\nHi",
  "---\ntemplate: mustache\n---\n{{! a }}\nuser:\n{# no comment here",
])("a comment beside the marker hides nothing: %s", (text) => {
  expect(statically(text)).toEqual([]);
});

test("comments that no end follows are looked at in time", async () => {
  const prompt = promptOf(`---\ntemplate: mustache\n---\nsystem:\n${"{#".repeat(90_000)}`);
  expect(await computingTime(() => checkUserMessage(prompt, createFindings()))).toBeLessThan(2_000);
});

test.each<[text: string, inputs: Record<string, unknown>]>([
  ["system:\nBe kind.\n{% if false %}\nuser:\nHi\n{% endif %}", {}],
  ["{% for m in history %}\n{{ m.role }}:\n{{ m.content }}\n{% endfor %}", { history: [] }],
])("a user message that is not rendered is missed: %j with %j", (text, inputs) => {
  expect(rendered(text, inputs)).toEqual([
    "There is no user message with these inputs: the model is only given instructions.",
  ]);
});

test("a user message of a history is one, and what is said of the template is not said again", () => {
  const text = "{% for m in history %}\n{{ m.role }}:\n{{ m.content }}\n{% endfor %}";
  expect(rendered(text, { history: [{ role: "user", content: "Hi" }] })).toEqual([]);
  expect(rendered("system:\nBe kind.", {})).toEqual([]);
});
