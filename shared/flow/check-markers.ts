import { HISTORY_NAMES, historyKind, isThread } from "./chat-history.ts";
import type { Findings } from "./diagnostics.ts";
import { roleOf } from "./message-role.ts";
import type { Prompty } from "./prompty.ts";
import { placeInTemplate, templateOf } from "./render-messages.ts";
import type { MarkerUse } from "./role-uses.ts";

const MAX_REPORTED = 100;

const REMEDY =
  'Write the role itself, as in user:, or print the field role of a history (an input named history or chat_history, or of kind thread), or words of the template: {{ "user" if ... else "assistant" }}:';

/**
 * Warns of lines that look as if they opened a message and do not: what is printed there could be anything, or the line
 * is in a macro, whose text is a value. `examples` are values that an input has.
 */
export function checkMarkers(
  prompt: Prompty,
  examples: (name: string) => readonly unknown[],
  findings: Findings,
): void {
  const { roles } = templateOf(prompt);
  const warn = (at: number, message: string, remedy: string): void =>
    findings.warning(prompt.path, placeInTemplate(prompt, at), message, remedy);
  for (const at of roles.lost.slice(0, MAX_REPORTED)) {
    const message = "This role marker opens no message: the text of a macro or a block is a value.";
    warn(at, message, "Write the marker outside of it.");
  }
  const types = new Map(prompt.inputs.map(({ name, type }) => [name, type]));
  const isHistory = (name: string): boolean =>
    isThread(types.get(name)) ||
    HISTORY_NAMES.includes(name) ||
    examples(name).some((value) => historyKind(name, types.get(name), value) !== undefined);
  const losing = roles.markers.filter(
    ({ inputs = [], tied }) =>
      !tied && inputs.some((name) => isHistory(name) && examples(name).some(hasToolCalls)),
  );
  for (const { at, inputs: [name = ""] = [] } of losing.slice(0, MAX_REPORTED)) {
    const message = `${name} holds calls of tools, or their answers: written out by role and content they lose what ties them together.`;
    warn(
      at,
      message,
      `Print it whole, as {{ ${name} }}: then each message keeps its tool_calls and tool_call_id.`,
    );
  }
  const noMessages = roles.markers
    .filter((use) => !opens(use, isHistory, examples) && isMeant(use, isHistory, examples))
    .slice(0, MAX_REPORTED);
  for (const { at, inputs, printed } of noMessages) {
    const other = inputs?.find((name) => !isHistory(name));
    const path = printed === undefined ? undefined : [printed.input, ...printed.path].join(".");
    const what = path ?? (other === undefined ? "This" : `${other}.role`);
    const why = other === undefined ? "its value could be anything" : `${other} is no history`;
    warn(at, `${what} stands where a role marker does, and opens no message: ${why}.`, REMEDY);
  }
}

function hasToolCalls(history: unknown): boolean {
  if (!Array.isArray(history)) return false;
  return history.some((item: unknown) =>
    ["tool_calls", "tool_call_id"].some((field) => fieldOf(item, field) !== undefined),
  );
}

function opens(
  { inputs }: MarkerUse,
  isHistory: (name: string) => boolean,
  examples: (name: string) => readonly unknown[],
): boolean {
  // Of an input that has no value yet, nothing is known.
  return inputs?.every((name) => isHistory(name) || isUnknown(examples(name))) === true;
}

function isUnknown(values: readonly unknown[]): boolean {
  return values.every((value) => value === undefined || (Array.isArray(value) && value.length === 0));
}

/** Whether a line was written to open a message: it prints what is called a role, or is one. */
function isMeant(
  { named, printed }: MarkerUse,
  isHistory: (name: string) => boolean,
  examples: (name: string) => readonly unknown[],
): boolean {
  if (named) return true;
  if (printed === undefined) return false;
  const { input, path, ofItems } = printed;
  if (ofItems && isHistory(input)) return true;
  const values = examples(input).flatMap((value) => (ofItems && Array.isArray(value) ? value : [value]));
  return values.some((value) => {
    const found = path.reduce(fieldOf, value);
    return typeof found === "string" && roleOf(found) !== undefined;
  });
}

function fieldOf(value: unknown, name: string): unknown {
  const own = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  return own ? (value as Record<string, unknown>)[name] : undefined;
}
