import type { ChatMessage } from "../ports/chat-model.ts";
import type { Findings, Place } from "./diagnostics.ts";
import type { Prompty } from "./prompty.ts";
import { templateOf } from "./render-messages.ts";

const USER = /^[ \t]{0,20}#?[ \t]{0,20}user[ \t]{0,20}(\[[^\]\n]{0,200}\])?[ \t]{0,20}:[ \t]*$/im;
const TAG = /\{%[^\n]{0,500}?%\}/g;
const REMEDY = "Add a line user: and the question below it.";

/** Warns of a template that cannot give a user message, whatever it is rendered with. */
export function checkUserMessage(prompt: Prompty, findings: Findings): void {
  if (mayGiveUser(prompt)) return;
  const message = "The template has no user message: the model is only given instructions.";
  findings.warning(prompt.path, start(prompt), message, REMEDY);
}

/**
 * Warns of messages without one of the user, where the template looks as if it gave one: its marker may stand in a
 * branch that is not taken, or a loop over an empty history. `renderedWith` says with what.
 */
export function checkRenderedUser(
  prompt: Prompty,
  messages: readonly ChatMessage[],
  renderedWith: string,
  findings: Findings,
): void {
  if (messages.some(({ role }) => role === "user") || !mayGiveUser(prompt)) return;
  const message = `There is no user message with ${renderedWith}: the model is only given instructions.`;
  const remedy = "Let a line user: stand outside of conditions and loops, and the question below it.";
  findings.warning(prompt.path, start(prompt), message, remedy);
}

function mayGiveUser(prompt: Prompty): boolean {
  const { markers } = templateOf(prompt).roles;
  // A tag that prints nothing may stand before the marker on its line.
  const text = withoutComments(prompt).replaceAll(TAG, "");
  return USER.test(text) || markers.some(({ inputs }) => inputs !== undefined);
}

function withoutComments({ template, format }: Prompty): string {
  const [open, close] = format === "mustache" ? ["{{!", "}}"] : ["{#", "#}"];
  const kept: string[] = [];
  let at = 0;
  while (at < template.length) {
    const start = template.indexOf(open, at);
    const end = start < 0 ? -1 : template.indexOf(close, start + open.length);
    if (end < 0) break;
    kept.push(template.slice(at, start));
    at = end + close.length;
  }
  return [...kept, template.slice(at)].join("");
}

function start({ templateLine }: Prompty): Place {
  return { line: templateLine, column: 1 };
}
