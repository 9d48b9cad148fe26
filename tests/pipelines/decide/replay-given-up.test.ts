import { beforeEach, expect, test } from "vitest";
import { recordPoison } from "../../../pipelines/decide/record-poison.ts";
import { listGivenUp, replayGivenUp } from "../../../pipelines/decide/replay-given-up.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createMemoryQueue } from "../../fakes/memory-queue.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { createStillClock } from "../../fakes/still-clock.ts";

const MESSAGE = { kind: "sampled", flow: "shop" };

function world() {
  return {
    store: createMemoryBlobStore(),
    queue: createMemoryQueue(),
    clock: createStillClock(),
    telemetry: createMemoryTelemetry(),
    events: { publish: async () => {} },
  };
}
let dependencies: ReturnType<typeof world>;
beforeEach(async () => {
  dependencies = world();
  const framed = { poisoned: true, reason: "the judge was down", message: MESSAGE };
  await recordPoison("turn-samples", "one", framed, dependencies);
});

test("what was given up is shown with its reason, and goes back into its queue as it was", async () => {
  expect(await listGivenUp(dependencies)).toEqual({
    messages: [
      { queue: "turn-samples", id: "one", reason: "the judge was down", at: "2026-01-01T00:00:00.000Z" },
    ],
  });
  await replayGivenUp({ queue: "turn-samples", id: "one", by: "ada" }, dependencies);
  expect(dependencies.queue.take("turn-samples")).toEqual([MESSAGE]);
  expect(await listGivenUp(dependencies)).toEqual({ messages: [] });
});

test("put back twice it goes once, and who did it is named", async () => {
  await replayGivenUp({ queue: "turn-samples", id: "one", by: "ada" }, dependencies);
  await expect(replayGivenUp({ queue: "turn-samples", id: "one", by: "bob" }, dependencies)).rejects.toThrow(
    /^ada put it back at 2026/,
  );
  expect(dependencies.queue.take("turn-samples")).toHaveLength(1);
});

test("what does not exist, is of no queue, or was no message at all is refused", async () => {
  await recordPoison("turn-samples", "two", "no JSON {", dependencies);
  const replay = (queue: string, id: string) => replayGivenUp({ queue, id, by: "ada" }, dependencies);
  await expect(replay("turn-samples", "three")).rejects.toThrow(/No message three/);
  await expect(replay("../flows", "one")).rejects.toThrow(/No message one/);
  await expect(replay("turn-samples", "two")).rejects.toThrow(/no message of Flowgate's/);
  expect(dependencies.queue.sent).toEqual([]);
});
