import type { ChatDelta } from "../ports/chat-model.ts";
import type { Clock } from "../ports/clock.ts";
import type { TurnGuard } from "./guard-turn.ts";
import { unescapedText } from "./unescaped-text.ts";

/**
 * Characters at the end of what was written that are not shown yet: longer than what any check must see of a key, an
 * account or a term to know it, so that none is shown by half.
 */
const HELD_BACK = 160;
/** Fewer new ones than this are not worth a look of their own. */
const WORTH_A_LOOK = 32;
/** What is checked at once; of it, so much was checked before, for what stands across the border. */
const SCAN = 2_000;
const WINDOW = 500;
const CONTEXT = 300;
/** No text waits longer than this for the next window to fill, once the model writes on. */
const LONGEST_WAIT_MS = 1_000;

/**
 * An answer's pieces, of which none is given before it was checked: without a service every few words, with
 * one in windows. What is blocked ends the model's answer, and what the flow says instead follows what was shown already.
 */
export async function* releaseChecked(
  deltas: AsyncIterable<ChatDelta>,
  guard: TurnGuard,
  clock: Clock,
): AsyncGenerator<ChatDelta> {
  const calls: unknown[] = [];
  // What was shown long ago is let go of: the work for a piece does not grow with the answer.
  let text = "";
  let shown = 0;
  let scanned = 0;
  let anyShown = false;
  let scannedAt = clock.elapsed();
  let model = "";

  const blocked = async (end: number, last: boolean): Promise<boolean> => {
    const written = last ? textWithCalls(text, calls) : text.slice(0, end);
    if (await guard.checkAnswer(written.slice(wordStart(written, shown - SCAN)))) return true;
    return (await guard.checkHarm(written.slice(Math.max(0, scanned - CONTEXT)))) !== undefined;
  };

  for await (const delta of deltas) {
    if (guard.findings.blocked) {
      // What is said in place of an answer, or of the rest of it.
      yield blockedDelta(guard, anyShown, delta.model);
      return;
    }
    model = delta.model;
    text += delta.text;
    calls.push(...(delta.toolCalls ?? []));
    const last = delta.finishReason !== undefined;
    const upTo = last ? text.length : shownUpTo(text);
    if (!last) {
      const isFull = guard.output.harm ? text.length - scanned >= WINDOW : upTo - shown >= WORTH_A_LOOK;
      if (upTo <= shown || (!isFull && clock.elapsed() - scannedAt < LONGEST_WAIT_MS)) continue;
    }
    const end = Math.max(upTo, wordEnd(text));
    if (await blocked(end, last)) {
      yield blockedDelta(guard, anyShown, model);
      return;
    }
    scannedAt = clock.elapsed();
    yield {
      ...delta,
      text: text.slice(shown, upTo),
      pieces: undefined,
      toolCalls: last && calls.length > 0 ? calls.splice(0) : undefined,
    };
    anyShown ||= upTo > shown;
    const drop = Math.max(0, upTo - SCAN);
    text = text.slice(drop);
    shown = upTo - drop;
    scanned = end - drop;
  }
  if (shown === text.length && calls.length === 0) return;
  if (await blocked(text.length, true)) yield blockedDelta(guard, anyShown, model);
  else {
    const toolCalls = calls.length > 0 ? calls : undefined;
    yield { text: text.slice(shown), toolCalls, finishReason: undefined, model, usage: undefined };
  }
}

/** What is said in place of an answer, or after what was shown of it. */
export function blockedDelta(guard: TurnGuard, anyShown: boolean, model: string): ChatDelta {
  const text = anyShown ? `\n\n${guard.answer}` : guard.answer;
  return { text, finishReason: "content_filter", model, usage: undefined };
}

/** An answer with what it would have tools do: both reach the client. */
export function textWithCalls(text: string, calls: readonly unknown[]): string {
  return calls.length === 0 ? text : `${text}\n${argumentsOf(calls)}`;
}

/** The names and arguments of calls; of the pieces of a stream, those of one call joined. */
function argumentsOf(calls: readonly unknown[]): string {
  const byCall = new Map<unknown, { name: string; written: string }>();
  for (const [place, call] of calls.entries()) {
    const { index = `call ${place}`, function: called } = call as {
      index?: unknown;
      function?: { name?: unknown; arguments?: unknown };
    };
    const joined = byCall.get(index) ?? { name: "", written: "" };
    if (typeof called?.name === "string") joined.name += called.name;
    if (typeof called?.arguments === "string") joined.written += called.arguments;
    byCall.set(index, joined);
  }
  return [...byCall.values()].map(({ name, written }) => `${name} ${unescapedText(written)}`).join("\n");
}

/** Where the text that may be shown ends; invisible characters do not count, so that they push nothing over the edge. */
function shownUpTo(text: string): number {
  let at = text.length;
  for (let held = 0; at > 0 && held < HELD_BACK; at -= 1) {
    if (!/[\p{Cf}\p{Mn}]/u.test(text[at - 1] ?? "")) held += 1;
  }
  const isHalf = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  return isHalf ? at - 1 : at;
}

/** Where the last whole word ends: half a word may look like one that is blocked. */
function wordEnd(text: string): number {
  let at = text.length;
  while (at > 0 && !/\s/.test(text[at - 1] ?? "")) at -= 1;
  return at;
}

function wordStart(text: string, from: number): number {
  if (from <= 0) return 0;
  const space = text.slice(from).search(/\s/);
  return space < 0 ? from : from + space;
}
