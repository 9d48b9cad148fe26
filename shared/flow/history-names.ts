import { HISTORY_NAMES } from "./chat-history.ts";

/**
 * The inputs with the turns before under the name that is asked for: `history` and `chat_history` are two names of one
 * thing, and where only the other is given it stands in, as in a chat. What is given under a name stays under it.
 */
export function withHistoryNames(
  asked: ReadonlySet<string>,
  inputs: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const given = { ...inputs };
  for (const name of HISTORY_NAMES) {
    const other = otherHistory(name);
    if (asked.has(name) && given[name] === undefined && other !== undefined && isGiven(inputs, other))
      given[name] = inputs[other];
  }
  return given;
}

function isGiven(inputs: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(inputs, name) && inputs[name] !== undefined;
}

/** The other of the two names that histories go by; undefined for what is none of them. */
function otherHistory(name: string): string | undefined {
  return HISTORY_NAMES.includes(name) ? HISTORY_NAMES.find((known) => known !== name) : undefined;
}
