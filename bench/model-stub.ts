import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** An OpenAI-compatible server that answers every call the same after a fixed time, and counts. */
export interface ModelStub {
  baseUrl: string;
  /** Chat calls answered so far, those that were refused or failed included. */
  calls(): number;
  /** How many of them were answered 429, and how many 500. */
  refused(): number;
  failed(): number;
  /** Resolves with `performance.now()` at the arrival of the next chat call. */
  nextCall(): Promise<number>;
  /** From now on calls take this long, and this share of them fails. */
  change(latencyMs: number, failing: number): void;
  close(): Promise<void>;
}

/** What a real service does besides answering. */
export interface StubFaults {
  /** At most this many chat calls in any second; more are answered 429 with `retry-after-ms`. */
  perSecond?: number;
  /** The share of chat calls that are answered 500. */
  failing?: number;
}

const DIMENSIONS = 16;

export async function startModelStub(latencyMs: number, faults: StubFaults = {}): Promise<ModelStub> {
  const limit = slidingSecond(faults.perSecond ?? Infinity);
  let latency = latencyMs;
  let failing = faults.failing ?? 0;
  let calls = 0;
  let refused = 0;
  let failed = 0;
  let waiting: ((at: number) => void)[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = JSON.parse(await textOf(request)) as {
        input?: string | string[];
        response_format?: object;
        stream?: boolean;
      };
      const reply = request.url?.endsWith("/embeddings") ? embeddings(body.input ?? "") : undefined;
      if (!reply) {
        const arrivedAt = performance.now();
        for (const resolve of waiting.splice(0)) resolve(arrivedAt);
        const call = ++calls;
        const wait = limit(arrivedAt);
        if (wait > 0) {
          refused++;
          response.setHeader("retry-after-ms", Math.ceil(wait));
          sendError(response, 429, "rate_limit_exceeded");
          return;
        }
        await sleep(latency);
        if (isFailing(call, failing)) {
          failed++;
          sendError(response, 500, "server_error");
          return;
        }
      }
      if (body.stream) {
        response.setHeader("content-type", "text/event-stream");
        response.end(STREAMED);
      } else {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(reply ?? completion(body.response_format !== undefined)));
      }
    })();
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    calls: () => calls,
    refused: () => refused,
    failed: () => failed,
    nextCall: () =>
      new Promise((resolve) => {
        waiting = [...waiting, resolve];
      }),
    change(nextLatencyMs, nextFailing) {
      latency = nextLatencyMs;
      failing = nextFailing;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Milliseconds until a call would be let through; 0 where it is. */
function slidingSecond(calls: number): (now: number) => number {
  let times: number[] = [];
  return (now) => {
    times = times.filter((time) => time > now - 1000);
    if (times.length >= calls) return (times[0] ?? now) + 1000 - now;
    if (calls < Infinity) times.push(now);
    return 0;
  };
}

/** Spread evenly over the calls, and the same in every run. */
function isFailing(call: number, share: number): boolean {
  return Math.floor(call * share) > Math.floor((call - 1) * share);
}

function sendError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { message: "The stub says no.", type: code, code } }));
}

const CHUNK = { id: "chatcmpl-stub", object: "chat.completion.chunk", created: 0, model: "stub" };
const STREAMED = [
  { ...CHUNK, choices: [{ index: 0, delta: { content: "The tent weighs 1.9 kg." }, finish_reason: null }] },
  { ...CHUNK, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
]
  .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
  .concat("data: [DONE]\n\n")
  .join("");

function completion(isJudge: boolean): object {
  const content = isJudge ? JSON.stringify({ reason: "fixed", score: 5 }) : "The tent weighs 1.9 kg.";
  return {
    id: "chatcmpl-stub",
    object: "chat.completion",
    created: 0,
    model: "stub",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
  };
}

function embeddings(input: string | string[]): object {
  const texts = Array.isArray(input) ? input : [input];
  const data = texts.map((text, index) => ({
    object: "embedding",
    index,
    embedding: Array.from(
      { length: DIMENSIONS },
      (_, i) => 1 + ((text.charCodeAt(i % (text.length || 1)) || 1) % 7),
    ),
  }));
  return { object: "list", model: "stub", data, usage: { prompt_tokens: 1, total_tokens: 1 } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
