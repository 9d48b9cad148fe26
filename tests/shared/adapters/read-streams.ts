import type { HeapProfiler } from "node:inspector";
import { Session } from "node:inspector/promises";
import { readCompletionStream } from "../../../shared/adapters/azure/completion-stream.ts";
import { PiecewiseBody } from "../../../shared/adapters/response-body.ts";

/**
 * Reads streams one after another, and prints of how many bytes a stream the collections of young objects could not get
 * rid of, so that they waited for a full one. A process of its own, for the sake of V8's settings.
 */
const STREAMS = 3_000;
const CHUNK = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "served" };
const CHOICE = { index: 0, delta: { content: "word" }, logprobs: null, finish_reason: null };
const EVENT = `data: ${JSON.stringify({ ...CHUNK, choices: [CHOICE] })}\n\n`;
const PIECES = Array.from({ length: 30 }, () => Buffer.from(EVENT));

async function readStreams(): Promise<void> {
  for (let read = 0; read < STREAMS; read += 1) {
    const body = new PiecewiseBody(
      () => {},
      () => {},
    );
    // As in a process that serves: others work in between.
    setImmediate(() => {
      for (const piece of PIECES) body.push(piece);
      body.end();
    });
    for await (const news of readCompletionStream({ status: 200, statusText: "", headers: {}, body })) {
      if (news.length === 0) throw new Error("Nothing was read.");
    }
  }
}

function bytesOf({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((sum, child) => sum + bytesOf(child), selfSize);
}

await readStreams();
const session = new Session();
session.connect();
await session.post("HeapProfiler.enable");
await session.post("HeapProfiler.startSampling", {
  samplingInterval: 4_096,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: false,
});
await readStreams();
const { profile } = await session.post("HeapProfiler.stopSampling");
process.stdout.write(String(Math.round(bytesOf(profile.head) / STREAMS)));
