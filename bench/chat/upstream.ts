import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { serving } from "./serving.ts";

/** Chunks of a streamed answer, as many as a short answer has tokens. */
const CHUNKS = 32;

/**
 * The model of the bench as a process of its own: answers every call the same, after as many milliseconds as it is
 * told. A stream's chunks are written one by one, as a service does.
 */
let latencyMs = 0;
process.on("message", (message: { latencyMs: number }) => {
  latencyMs = message.latencyMs;
  process.send?.({ changed: true });
});

const HEAD = { id: "chatcmpl-bench", created: 1, model: "stub", system_fingerprint: "fp_bench" };
const USAGE = { prompt_tokens: 40, completion_tokens: CHUNKS, total_tokens: 40 + CHUNKS };
const WORDS = Array.from({ length: CHUNKS }, (_, index) => ` word${index}`);
const WHOLE = JSON.stringify({
  ...HEAD,
  object: "chat.completion",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: WORDS.join("") },
      logprobs: null,
      finish_reason: "stop",
    },
  ],
  usage: USAGE,
});
const EVENTS = [
  eventOf({ role: "assistant", content: "" }, null),
  ...WORDS.map((content) => eventOf({ content }, null)),
  eventOf({}, "stop"),
  `data: ${JSON.stringify({ ...HEAD, object: "chat.completion.chunk", choices: [], usage: USAGE })}\n\n`,
  "data: [DONE]\n\n",
];

function eventOf(delta: object, finishReason: string | null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ ...HEAD, object: "chat.completion.chunk", choices, usage: null })}\n\n`;
}

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (piece: string) => (body += piece));
  request.on("end", () => {
    void (async () => {
      const streamed = (JSON.parse(body) as { stream?: boolean }).stream === true;
      if (latencyMs > 0) await sleep(latencyMs);
      response.setHeader("content-type", streamed ? "text/event-stream" : "application/json");
      if (streamed) for (const event of EVENTS) response.write(event);
      response.end(streamed ? undefined : WHOLE);
    })();
  });
});
server.keepAliveTimeout = 120_000;
serving(server);
