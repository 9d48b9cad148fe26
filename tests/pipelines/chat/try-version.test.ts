import { beforeEach, expect, test } from "vitest";
import { tryVersion, type TryDependencies } from "../../../pipelines/chat/try-version.ts";
import { ModelError } from "../../../shared/errors.ts";
import { loadFlow } from "../../../shared/flow/load-flow.ts";
import type { TriedTurnEvent } from "../../../shared/model/tried-turn.ts";
import type { CallContext, ChatDelta } from "../../../shared/ports/chat-model.ts";
import { writeSmallFlow } from "../../e2e/small-flow.ts";
import { createStillClock } from "../../fakes/still-clock.ts";

const QUESTION = "When does the shop open?";
const USAGE = { inputTokens: 20, outputTokens: 6 };

let script: (ChatDelta | Error)[];
let calls: CallContext[];
let closed: boolean;
let dependencies: TryDependencies;

function delta(text: string, end: Partial<ChatDelta> = {}): ChatDelta {
  return { text, finishReason: undefined, model: "test-model", usage: undefined, ...end };
}

beforeEach(() => {
  calls = [];
  closed = false;
  script = [delta("At "), delta("9."), delta("", { finishReason: "stop", usage: USAGE })];
  const files = new Map([...writeSmallFlow("shop")].map(([path, text]) => [path, Buffer.from(text)]));
  const loaded = loadFlow({ name: "shop", prompt: "chat.prompty", steps: [] }, files, new Map());
  dependencies = {
    loadVersion: async () => loaded,
    clock: createStillClock(),
    embeddingModel: { name: "none", embed: async () => [] },
    prices: { "test-model": { input: 1, output: 10 } },
    chatModel: {
      complete: () => Promise.reject(new Error("a try is streamed")),
      async *stream(_request, call) {
        calls.push(call);
        try {
          for (const piece of script) {
            if (piece instanceof Error) throw piece;
            yield piece;
          }
          call.onUsage?.({ model: "test-model", usage: USAGE });
        } finally {
          closed = true;
        }
      },
    },
  };
});

async function run(body: object, stopAfter = Infinity): Promise<TriedTurnEvent[]> {
  const asked = { flow: "shop", version: "one", body, onLeave: () => undefined };
  const events: TriedTurnEvent[] = [];
  for await (const event of await tryVersion(asked, dependencies)) {
    events.push(event);
    if (events.length === stopAfter) break;
  }
  return events;
}
const BODY = { messages: [{ role: "user", content: QUESTION }] };

test("shows what the model was sent, what it writes, and what that took", async () => {
  const events = await run(BODY);
  expect(events.map(({ type }) => type)).toEqual(["prepared", "delta", "delta", "end"]);
  const [prepared] = events;
  if (prepared?.type !== "prepared") throw new Error("the first event tells what was prepared");
  expect(prepared.messages.at(-1)).toMatchObject({
    role: "user",
    content: expect.stringContaining(QUESTION),
  });
  expect(events.at(-1)).toMatchObject({
    finishReason: "stop",
    model: "test-model",
    usage: USAGE,
    cost: (20 + 60) / 1e6,
    durationMs: 0,
    firstTokenMs: 0,
  });
  expect(calls).toMatchObject([{ flow: "shop", version: "one", purpose: "try" }]);
});

test("what fails on the way is the last event, in words for a client", async () => {
  script = [delta("At "), new ModelError("host 10.0.0.1 refused", { kind: "unavailable" })];
  const events = await run(BODY);
  expect(events.at(-1)).toEqual({
    type: "error",
    code: "model_unavailable",
    message: "The model could not answer. Try again.",
  });
});

test("a reader that leaves stops the model", async () => {
  await run(BODY, 2);
  expect(closed).toBe(true);
  expect(calls[0]?.signal?.aborted).toBe(true);
});

test("a question that is none, and a day's budget that is used up, are refused before anything is asked", async () => {
  await expect(run({ messages: [] })).rejects.toMatchObject({ status: 400 });
  const refusing = () => {
    throw new ModelError("used up", { kind: "quota" });
  };
  dependencies.budget = { admit: refusing, record: () => undefined };
  await expect(run(BODY)).rejects.toThrow("used up");
  expect(calls).toEqual([]);
});
