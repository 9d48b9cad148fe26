import { setTimeout as sleep } from "node:timers/promises";
import type { Citation } from "../../shared/model/chat-answers.ts";
import type { ChatDelta, TokenUsage } from "../../shared/ports/chat-model.ts";
import { chatErrorOf } from "./chat-error.ts";
import type { StreamFormat, TurnFacts } from "./chat-protocol.ts";
import { refusalLine } from "./refusal-line.ts";
import type { PaidTurn, recordTurn } from "./record-turn.ts";
import type { TurnBounds } from "./turn-bounds.ts";

/** A turn under way. */
export interface OpenTurn {
  facts: TurnFacts;
  bounds: TurnBounds;
  record: ReturnType<typeof recordTurn>;
  /** What was paid for so far. */
  spent(): PaidTurn;
  log: ((line: string) => void) | undefined;
}

/** How long a model that was told to stop may take until its tokens are known. */
const STOP_MS = 1_000;

/**
 * The texts of a streamed answer. Never throws: whatever fails, the last text says so, since the platform would let a
 * request hang whose stream fails. Where the reader leaves, or the turn comes to its bounds, the model is stopped.
 */
export async function* streamReply(
  { facts, bounds, record, spent, log }: OpenTurn,
  format: StreamFormat,
  citations: readonly Citation[],
  first: IteratorResult<ChatDelta, unknown>,
  deltas: AsyncIterator<ChatDelta, unknown>,
): AsyncGenerator<string> {
  let usage: TokenUsage | undefined;
  let finishReason = "stop";
  /** Undefined while the model writes. */
  let end: "complete" | "failed" | undefined;
  try {
    // What is known already goes out at once: a text of its own costs as much as the first words.
    let waiting = format.begin(citations);
    for (let next = first; next.done !== true; next = await bounds.within(deltas.next())) {
      const delta = next.value;
      usage = delta.usage ?? usage;
      finishReason = delta.finishReason ?? finishReason;
      const text = format.delta(delta);
      if (text === "" && waiting === "") continue;
      if (text !== "") record.firstToken();
      yield waiting + text;
      waiting = "";
      // Only now: the time of a reader that reads no more is the turn's.
      bounds.progress(delta.text.length);
    }
    end = "complete";
    // Where a guardrail ended the model's answer, the service did not get to say.
    if (finishReason === "content_filter") usage ??= spent().usage;
    yield waiting + format.end(finishReason, usage);
  } catch (error) {
    const refusal = bounds.failure() ?? chatErrorOf(error);
    await stop(deltas);
    end = "failed";
    record.fail(refusal.code, error, spent());
    const line = refusalLine(refusal);
    if (line !== undefined) log?.(`A stream of ${facts.version} broke off: ${line}`);
    yield format.fail(refusal);
  } finally {
    bounds.end();
    if (end === "complete") {
      // After the last byte: nobody waits for it.
      record.end({ usage, cost: spent().cost });
    } else if (end === undefined) {
      // The reader left: it stopped iterating.
      bounds.leave();
      await stop(deltas);
      record.fail("client_closed_request", undefined, spent());
    }
  }
}

/** Ends the model's answer, so that nobody pays for what nobody reads, and its tokens are counted. */
async function stop(deltas: AsyncIterator<ChatDelta, unknown>): Promise<void> {
  const waiting = new AbortController();
  const stopped = deltas.return?.().then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([stopped, sleep(STOP_MS, undefined, { signal: waiting.signal }).catch(() => undefined)]);
  waiting.abort();
}
