import { historyMessages } from "./chat-history.ts";
import { isInstruction, roleOf } from "./message-role.ts";
import { roleRemedy } from "./role-remedy.ts";

/** What an item of a history is not sent as it stands for. */
export interface HistoryProblem {
  /** Which item, from 0. */
  item: number;
  /** What is wrong with it, to stand behind its name: `has the role "bot"`. */
  what: string;
  remedy: string;
  /** Only one that gives instructions is left out, and the rest is sent. */
  kind: "form" | "role" | "instructions";
}

const FORM = "Each message is { role, content }, or { inputs: { question }, outputs: { answer } }.";

/** What stands in the way of a history's items being messages. */
export function historyProblems(items: readonly unknown[], thread: boolean): HistoryProblem[] {
  return items.flatMap((value, item) => problemOf(value, item, thread) ?? []);
}

function problemOf(value: unknown, item: number, thread: boolean): HistoryProblem | undefined {
  const written = roleFieldOf(value);
  const role = roleOf(written ?? "");
  if (written !== undefined && role === undefined) {
    const what = `has the role ${JSON.stringify(written.slice(0, 50))}`;
    return { item, what, remedy: roleRemedy(written, thread), kind: "role" };
  }
  if (historyMessages([value], thread) === undefined)
    return { item, what: "is no message", remedy: FORM, kind: "form" };
  if (role === undefined || thread || !isInstruction(role)) return undefined;
  return { item, what: `has the role ${role}`, remedy: roleRemedy(role, thread), kind: "instructions" };
}

/** Whether a list has items and not one of them is a message: then it is a list like any other. */
export function isNoHistory(items: readonly unknown[], thread: boolean): boolean {
  return items.length > 0 && items.every((value, item) => problemOf(value, item, thread)?.kind === "form");
}

/** What an item says its role is. */
export function roleFieldOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null || !Object.hasOwn(item, "role")) return undefined;
  const { role } = item as { role: unknown };
  return typeof role === "string" ? role : undefined;
}
