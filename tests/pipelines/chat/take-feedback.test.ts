import { beforeEach, expect, test } from "vitest";
import { ChatError } from "../../../pipelines/chat/chat-error.ts";
import { createTrafficRecorder } from "../../../pipelines/chat/record-traffic.ts";
import { type FeedbackDependencies, takeFeedback } from "../../../pipelines/chat/take-feedback.ts";
import { createTurnNames, turnOfName } from "../../../pipelines/chat/turn-name.ts";
import type { Feedback } from "../../../shared/model/monitored-turn.ts";
import { sessionHash } from "../../../shared/model/session-hash.ts";
import type { TrafficRollup } from "../../../shared/model/traffic.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createMemoryQueue, type MemoryQueue } from "../../fakes/memory-queue.ts";
import { createMemoryTelemetry, type MemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { createStillClock } from "../../fakes/still-clock.ts";

const AT = new Date("2026-11-26T16:05:07.000Z");
const SHARE = { arm: "canary", rollout: "r", step: 1, weight: 0.05 } as const;
let dependencies: FeedbackDependencies & { queue: MemoryQueue; telemetry: MemoryTelemetry };
let name: string;

beforeEach(async () => {
  const store = createMemoryBlobStore();
  const clock = createStillClock("2026-11-27T00:05:00.000Z");
  dependencies = {
    store,
    queue: createMemoryQueue(),
    clock,
    telemetry: createMemoryTelemetry(),
    traffic: createTrafficRecorder({ store, clock, instance: "i1" }),
    // As another process named it.
    turnNames: createTurnNames({ store }),
  };
  const turn = { flow: "shop", version: "two", share: SHARE };
  name = await createTurnNames({ store }).name(turn, "ada", AT);
});

const say = (said: object): ReturnType<typeof takeFeedback> =>
  takeFeedback(
    { flow: "shop", turn: `chatcmpl-${name}`, session: "ada", rating: "down", ...said },
    dependencies,
  );

async function kept(): Promise<Feedback | undefined> {
  const blob = await dependencies.store.read("traffic", `shop/feedback/2026-11-26/${turnOfName(name)}.json`);
  return blob && (JSON.parse(blob.body.toString()) as Feedback);
}

async function rollups(): Promise<TrafficRollup[]> {
  await dependencies.traffic.flush();
  const blob = await dependencies.store.read("traffic", "shop/rollups/2026-11-27T00/05-i1.jsonl");
  const text = blob?.body.toString() ?? "";
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as TrafficRollup]));
}

async function refusal(said: object): Promise<ChatError> {
  const error: unknown = await say(said).catch((thrown: unknown) => thrown);
  if (!(error instanceof ChatError)) throw new Error(`Not refused: ${JSON.stringify(error)}`);
  return error;
}

test("what is said is told to dashboards once, with the version and the arm it was said of, and without its words", async () => {
  await say({ comment: "Wrong!" });
  await say({ comment: "Still wrong!" });
  expect(dependencies.telemetry.events).toEqual([
    {
      name: "flowgate.feedback",
      attributes: {
        "flowgate.flow": "shop",
        "flowgate.version": "two",
        "flowgate.arm": "canary",
        "flowgate.rating": "down",
      },
    },
  ]);
});

test("a thumbs-down is a defect of the arm that answered, and no request", async () => {
  await say({ comment: "Wrong! Mail me: ada@example.com" });
  const [line] = await rollups();
  expect(line).toMatchObject({ rollout: "r", step: 1, weight: 0.05 });
  const session = sessionHash("ada");
  expect(line?.arms).toMatchObject({
    canary: {
      version: "two",
      requests: 0,
      share: 1,
      sessions: [session],
      defects: { thumbs_down: [session] },
      measures: { feedback: { up: 0, down: 1 } },
    },
  });
  expect(await kept()).toEqual({
    flow: "shop",
    version: "two",
    share: SHARE,
    turn: turnOfName(name),
    at: AT.toISOString(),
    session,
    rating: "down",
    comment: "Wrong! Mail me: [an e-mail address]",
    saidAt: "2026-11-27T00:05:00.000Z",
  });
  expect(dependencies.queue.sent).toMatchObject([
    { queue: "turn-samples", message: { kind: "feedback", flow: "shop", day: "2026-11-26" } },
  ]);
});

test("a thumbs-up is kept and is no defect", async () => {
  await say({ rating: "up" });
  expect((await kept())?.rating).toBe("up");
  const [line] = await rollups();
  expect(line?.arms.canary?.defects).toEqual({});
  expect(line?.arms.canary?.measures?.feedback).toEqual({ up: 1, down: 0 });
  expect(dependencies.queue.sent).toEqual([]);
});

test("said again it counts once; said otherwise the last word stands", async () => {
  await say({});
  await say({});
  const [line, ...more] = await rollups();
  expect(more).toEqual([]);
  expect(line?.arms.canary?.defects.thumbs_down).toHaveLength(1);
  expect(line?.arms.canary?.measures?.feedback).toEqual({ up: 0, down: 1 });
  await say({ rating: "up" });
  expect((await kept())?.rating).toBe("up");
  expect((await rollups())[1]?.arms.canary?.measures?.feedback).toEqual({ up: 1, down: -1 });
});

test("said several times at once it counts once", async () => {
  await Promise.all([say({}), say({}), say({})]);
  await say({ rating: "up" });
  const [line] = await rollups();
  expect(line?.arms.canary?.measures?.feedback).toEqual({ up: 1, down: 0 });
  expect(dependencies.telemetry.events.map(({ attributes }) => attributes["flowgate.rating"])).toEqual([
    "down",
    "up",
  ]);
});

test("what the client sends of the turn is kept without personal data", async () => {
  await say({ question: "Is ada@example.com on file?", answer: "Yes.", inputs: { customerId: "1" } });
  expect((await kept())?.sent).toEqual({
    inputs: { customerId: "1", question: "Is [an e-mail address] on file?" },
    answer: "Yes.",
  });
});

test("to another session there is no such turn, and nothing is kept or counted", async () => {
  expect(await refusal({ session: "bob" })).toMatchObject({ status: 404, code: "turn_not_found" });
  expect(await refusal({ flow: "other" })).toMatchObject({ status: 404 });
  expect(await refusal({ turn: "chatcmpl-nothing" })).toMatchObject({ status: 404 });
  expect(await kept()).toBeUndefined();
  expect(await rollups()).toEqual([]);
});

test.each([
  [{ rating: "meh" }, "rating"],
  [{ session: "" }, "session"],
  [{ comment: "x".repeat(2001) }, "comment"],
])("%j is refused by name", async (said, param) => {
  expect(await refusal(said)).toMatchObject({ status: 400, param });
});

test("the session may be said as it was named, or as the answer's header told it", async () => {
  const turn = { flow: "shop", version: "two", share: SHARE };
  name = await dependencies.turnNames.name(turn, "h\u00e9", AT);
  for (const session of ["h\u00e9", "h%C3%A9"]) {
    expect(await say({ session })).toMatchObject({ rating: "down" });
    expect((await kept())?.session).toBe(sessionHash("h\u00e9"));
  }
});
