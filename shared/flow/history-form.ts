import { historyMessages, type HistoryKind } from "./chat-history.ts";
import { contentParts } from "./content-parts.ts";
import { roleFieldOf } from "./history-problems.ts";
import { isInstruction, roleOf } from "./message-role.ts";
import type { RoleUses } from "./role-uses.ts";

type Item = Record<string, unknown>;

/**
 * A history in the form in which a template reads its items: as messages with `role` and `content`, or as Prompt Flow's
 * `{ inputs, outputs }`. A template that prints the items' roles as markers is given none that gives instructions,
 * unless it is a thread.
 */
export function historyForm(
  name: string,
  items: readonly unknown[],
  kind: HistoryKind,
  roles: RoleUses,
): readonly unknown[] {
  const read = [...(roles.fields.get(name) ?? [])];
  const asked = read.filter((path) => path.startsWith("inputs."));
  const answered = read.filter((path) => path.startsWith("outputs."));
  const exchanges = asked.length + answered.length > 0;
  const messages = read.includes("role") || read.includes("content");
  const marked = roles.markers.some(({ inputs }) => inputs?.includes(name) === true);
  const taken =
    marked && kind === "history"
      ? items.filter((item) => !isInstruction(roleOf(roleFieldOf(item) ?? "") ?? "user"))
      : items;
  if (exchanges && !messages && taken.every(isMessage)) return exchangesOf(taken, asked, answered);
  if (!messages) return taken;
  return taken.flatMap((item) => {
    if (exchanges || isMessage(item)) return [withText(item)];
    return historyMessages([item], kind === "thread") ?? [item];
  });
}

function isMessage(item: unknown): item is Item {
  return roleFieldOf(item) !== undefined;
}

/** Contents in parts are for services, and none is that of a message which only calls tools; a template prints text. */
function withText(item: unknown): unknown {
  if (!isMessage(item)) return item;
  if (item.content === null && Array.isArray(item.tool_calls)) return { ...item, content: "" };
  if (!Array.isArray(item.content)) return item;
  const content = contentParts(item.content);
  return typeof content === "string" ? { ...item, content } : item;
}

function exchangesOf(items: readonly Item[], asked: readonly string[], answered: readonly string[]): Item[] {
  const question = fieldFor(asked, ["question", "query", "input", "chat_input"]) ?? "question";
  const answer = fieldFor(answered, ["answer", "output", "chat_output"]) ?? "answer";
  const exchanges: { inputs: Item; outputs: Item }[] = [];
  let open = false;
  for (const item of items.map(withText)) {
    const { content } = item as Item;
    const role = roleOf(roleFieldOf(item) ?? "");
    const last = exchanges.at(-1);
    if (role === "user") {
      exchanges.push({ inputs: { [question]: content }, outputs: { [answer]: "" } });
      open = true;
    } else if (role === "assistant") {
      if (open && last !== undefined) last.outputs = { [answer]: content };
      else exchanges.push({ inputs: { [question]: "" }, outputs: { [answer]: content } });
      open = false;
    }
  }
  return exchanges;
}

/** The field that a template reads a turn's text from. */
function fieldFor(read: readonly string[], usual: readonly string[]): string | undefined {
  const names = read.map((path) => path.split(".")[1] ?? "");
  return usual.find((name) => names.includes(name)) ?? names[0];
}
