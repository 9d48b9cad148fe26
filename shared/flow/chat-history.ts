import type { ChatMessage } from "../ports/chat-model.ts";
import type { Prompty } from "./prompty.ts";
import { scalarText } from "./scalar-text.ts";

/** The names under which prompts take the turns before the question. */
export const HISTORY_NAMES = ["chat_history", "history"];

/** The input of a prompt that holds the turns before: the one declared as a thread, or named as histories are. */
export function historyInput(prompt: Prompty, used: ReadonlySet<string>): string | undefined {
  const declared = prompt.inputs.find(({ type }) => type === "thread")?.name;
  const named = HISTORY_NAMES.find(
    (name) => used.has(name) || prompt.inputs.some((input) => input.name === name),
  );
  return declared ?? named;
}

/**
 * A history as messages, or undefined where the value is none. Understands lists of `{ role, content }` and Prompt
 * Flow's `{ inputs: { question }, outputs: { answer } }`. Only users and assistants have spoken in a history: other
 * roles in it are left out, so that an input cannot give instructions.
 */
export function historyMessages(value: unknown): ChatMessage[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const turns = value.map(turnOf);
  return turns.every((turn) => turn !== undefined) ? turns.flat() : undefined;
}

function turnOf(value: unknown): ChatMessage[] | undefined {
  if (!isRecord(value)) return undefined;
  if (typeof value.role === "string") {
    const content = contentOf(value.content ?? value.parts);
    const role = value.role.toLowerCase();
    if (content === undefined) return undefined;
    return role === "user" || role === "assistant" ? [{ role, content }] : [];
  }
  const question = firstText(value.inputs, "question");
  const answer = firstText(value.outputs, "answer");
  if (question === undefined || answer === undefined) return undefined;
  return [
    { role: "user", content: question },
    { role: "assistant", content: answer },
  ];
}

/** A text, or the texts of content parts joined. */
function contentOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (!Array.isArray(value)) return undefined;
  return value.map((part) => scalarText(isRecord(part) ? (part.text ?? part.value) : part) ?? "").join("");
}

function firstText(value: unknown, preferred: string): string | undefined {
  if (typeof value === "string") return value;
  if (!isRecord(value)) return undefined;
  return [value[preferred], ...Object.values(value)].find((entry) => typeof entry === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
