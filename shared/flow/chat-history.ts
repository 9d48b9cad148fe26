import type { ChatMessage } from "../ports/chat-model.ts";
import { contentParts } from "./content-parts.ts";
import type { Prompty } from "./prompty.ts";

/** The names under which prompts take the turns before the question. */
export const HISTORY_NAMES = ["chat_history", "history"];

/** The input of a prompt that holds the turns before: the one declared as a thread, or named as histories are. */
export function historyInput(prompt: Prompty, used: ReadonlySet<string>): string | undefined {
  const declared = prompt.inputs.find(({ type }) => type === "thread")?.name;
  const named =
    HISTORY_NAMES.find((name) => used.has(name)) ??
    HISTORY_NAMES.find((name) => prompt.inputs.some((input) => input.name === name));
  return declared ?? named;
}

/**
 * A history as messages, or undefined where the value is none. Understands lists of `{ role, content }` and Prompt
 * Flow's `{ inputs: { question }, outputs: { answer } }`. Only users and assistants have spoken in a history: other
 * roles in it are left out, so that an input cannot give instructions. In a `thread`, which its prompt declares, every
 * message keeps its role.
 */
export function historyMessages(value: unknown, thread = false): ChatMessage[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const turns = value.map((turn) => turnOf(turn, thread));
  return turns.every((turn) => turn !== undefined) ? turns.flat() : undefined;
}

const SPEAKERS: readonly string[] = ["user", "assistant"];
const ROLES: readonly string[] = [...SPEAKERS, "system", "developer", "function", "tool"];

function turnOf(value: unknown, thread: boolean): ChatMessage[] | undefined {
  if (!isRecord(value)) return undefined;
  if (typeof value.role === "string") {
    const content = contentParts(value.content ?? value.parts);
    const role = value.role.toLowerCase();
    if (content === undefined) return undefined;
    if (!(thread ? ROLES : SPEAKERS).includes(role)) return [];
    const facts = isRecord(value.metadata) ? { ...value.metadata, ...value } : value;
    return [{ role: role as ChatMessage["role"], content, ...(thread ? callFacts(facts) : {}) }];
  }
  const question = firstText(value.inputs, "question");
  const answer = firstText(value.outputs, "answer");
  if (question === undefined || answer === undefined) return undefined;
  return [
    { role: "user", content: question },
    { role: "assistant", content: answer },
  ];
}

/** What ties a message of a thread to a tool's call. */
function callFacts(
  facts: Record<string, unknown>,
): Pick<ChatMessage, "name" | "tool_call_id" | "tool_calls"> {
  const { name, tool_call_id: id, tool_calls: calls } = facts;
  return {
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof id === "string" ? { tool_call_id: id } : {}),
    ...(Array.isArray(calls) ? { tool_calls: calls } : {}),
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
