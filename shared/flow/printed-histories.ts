import type { ChatMessage } from "../ports/chat-model.ts";
import { historyKind, historyMessages, type HistoryKind } from "./chat-history.ts";
import { historyForm } from "./history-form.ts";
import { historyProblems, isNoHistory } from "./history-problems.ts";
import type { RoleSources } from "./parse-messages.ts";
import { RenderError } from "./render-error.ts";
import type { RoleUses } from "./role-uses.ts";
import type { Segment } from "./segment.ts";

export interface History {
  kind: HistoryKind;
  /** In the form that the template reads. */
  items: readonly unknown[];
}

const NO_HISTORIES: ReadonlyMap<string, History> = new Map();
const NOTHING_PRINTED: ReadonlyMap<Segment, ChatMessage[]> = new Map();

/** Those of a prompt's values that are histories. */
export function historiesAmong(
  values: Readonly<Record<string, unknown>>,
  typeOf: (name: string) => string | undefined,
  roles: RoleUses,
): ReadonlyMap<string, History> {
  let histories: Map<string, History> | undefined;
  for (const name of Object.keys(values)) {
    const value = values[name];
    const kind = historyKind(name, typeOf(name), value);
    if (kind === undefined || !Array.isArray(value)) continue;
    histories ??= new Map();
    histories.set(name, { kind, items: historyForm(name, value, kind, roles) });
  }
  return histories ?? NO_HISTORIES;
}

/** The messages that segments print whole. A list without a single message stays text. Throws `RenderError`. */
export function printedHistories(
  segments: readonly Segment[],
  sources: RoleSources,
): ReadonlyMap<Segment, ChatMessage[]> {
  let printed: Map<Segment, ChatMessage[]> | undefined;
  for (const segment of segments) {
    if (segment.origin?.kind !== "items") continue;
    const { inputs, items } = segment.origin;
    const kinds = inputs.map((input) => sources.kindOf(input));
    const [name] = inputs;
    if (name === undefined || kinds.includes(undefined)) continue;
    const kind = kinds.every((other) => other === "thread") ? "thread" : "history";
    if (isNoHistory(items, kind === "thread")) continue;
    printed ??= new Map();
    printed.set(segment, sentHistory(name, items, kind, sources.placeOf?.(name)));
  }
  return printed ?? NOTHING_PRINTED;
}

/** A history as it is sent. Throws `RenderError` naming the first item that no message can be made of. */
export function sentHistory(
  name: string,
  items: readonly unknown[],
  kind: HistoryKind,
  place: RenderError["place"],
): ChatMessage[] {
  const messages = historyMessages(items, kind === "thread");
  if (messages !== undefined) return messages;
  const problem = historyProblems(items, kind === "thread").find((found) => found.kind !== "instructions");
  throw new RenderError(`${name}[${problem?.item ?? 0}] ${problem?.what}. ${problem?.remedy}`, { place });
}
