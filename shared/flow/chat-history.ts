import type { ChatMessage } from "../ports/chat-model.ts";
import { contentParts } from "./content-parts.ts";
import { isInstruction, roleOf } from "./message-role.ts";
import type { Prompty } from "./prompty.ts";

/** The names under which prompts take the turns before the question. */
export const HISTORY_NAMES = ["chat_history", "history"];

/** A `thread` is declared as one by its prompt, and its messages keep whatever role they have. */
export type HistoryKind = "thread" | "history";

export function isThread(type: string | undefined): boolean {
  return type?.toLowerCase() === "thread";
}

/** The input of a prompt that holds the turns before: the one declared as a thread, or named as histories are. */
export function historyInput(prompt: Prompty, used: ReadonlySet<string>): string | undefined {
  const declared = prompt.inputs.find(({ type }) => isThread(type))?.name;
  const named =
    HISTORY_NAMES.find((name) => used.has(name)) ??
    HISTORY_NAMES.find((name) => prompt.inputs.some((input) => input.name === name));
  return declared ?? named;
}

/**
 * What kind of history an input holds: one that is declared as a thread or named as histories are, or any other list of
 * nothing but messages with contents. Undefined for what is none.
 */
export function historyKind(name: string, type: string | undefined, value: unknown): HistoryKind | undefined {
  if (!Array.isArray(value)) return undefined;
  if (isThread(type)) return "thread";
  if (HISTORY_NAMES.includes(name)) return "history";
  const isHistory = value.length > 0 && value.every(isPlainly) && historyMessages(value) !== undefined;
  return isHistory ? "history" : undefined;
}

/** Whether a list that nothing declares can be taken for messages: a record with a role may be about a person. */
function isPlainly(item: unknown): boolean {
  if (!isRecord(item)) return false;
  return ["content", "parts", "tool_calls", "inputs"].some((name) => Object.hasOwn(item, name));
}

/**
 * A history as messages; undefined where an item is none, or has no role that messages have. Understands lists of
 * `{ role, content }` and Prompt Flow's `{ inputs: { question }, outputs: { answer } }`. A history gives no
 * instructions: what it says as system or developer is left out, as from a chat request. In a `thread`, which its
 * prompt declares, every message keeps its role.
 */
export function historyMessages(value: unknown, thread = false): ChatMessage[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const turns = value.map((item) => turnOf(item, thread));
  if (!turns.every((turn) => turn !== undefined)) return undefined;
  return turns.flat().filter(({ role }) => thread || !isInstruction(role));
}

/** The messages that one item of a history is. */
function turnOf(value: unknown, thread: boolean): ChatMessage[] | undefined {
  if (!isRecord(value)) return undefined;
  if (typeof value.role === "string") {
    const content = contentParts(value.content ?? value.parts);
    const role = roleOf(value.role);
    if (content === undefined || role === undefined) return undefined;
    return [{ role, content, ...messageTies(value, role, thread) }];
  }
  const question = firstText(value.inputs, "question");
  const answer = firstText(value.outputs, "answer");
  if (question === undefined || answer === undefined) return undefined;
  return [
    { role: "user", content: question },
    { role: "assistant", content: answer },
  ];
}

/** What ties a message to others. */
export type MessageTies = Pick<ChatMessage, "name" | "tool_call_id" | "tool_calls">;

/** What an item of a history says that ties its message to a tool's call; nothing where it is none. */
export function messageTies(item: unknown, role: ChatMessage["role"], thread: boolean): MessageTies {
  if (!isRecord(item)) return {};
  const facts = isRecord(item.metadata) ? { ...item.metadata, ...item } : item;
  const { name, tool_call_id: id, tool_calls: calls } = facts;
  // Only tools need theirs; services refuse names of people with spaces in them.
  const isNamed = thread || role === "function" || role === "tool";
  return {
    ...(typeof name === "string" && isNamed ? { name } : {}),
    ...(typeof id === "string" ? { tool_call_id: id } : {}),
    ...(Array.isArray(calls) && calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

function firstText(value: unknown, preferred: string): string | undefined {
  if (typeof value === "string") return value;
  if (!isRecord(value)) return undefined;
  return [value[preferred], ...Object.values(value)].find((entry) => typeof entry === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
