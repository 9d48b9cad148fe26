import { HISTORY_NAMES } from "./chat-history.ts";

/**
 * The inputs with the turns before under the name that is asked for: `history` and `chat_history` are two names of one
 * thing, and where only the other is given it stands in, as in a chat. What is given under a name stays under it.
 */
export function withHistoryNames(
  asked: ReadonlySet<string>,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  let given = inputs;
  for (const name of HISTORY_NAMES) {
    if (!asked.has(name) || given[name] !== undefined) continue;
    const other = HISTORY_NAMES.find((known) => inputs[known] !== undefined);
    if (other !== undefined) given = { ...given, [name]: inputs[other] };
  }
  return given;
}

/** Of the two names that histories go by the other one, where it is known; undefined for what is none of them. */
export function otherHistory(name: string, known: ReadonlySet<string>): string | undefined {
  if (!HISTORY_NAMES.includes(name)) return undefined;
  return HISTORY_NAMES.find((other) => other !== name && known.has(other));
}
