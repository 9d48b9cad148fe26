import { beforeEach, expect, test } from "vitest";
import { createTrafficRecorder } from "../../../pipelines/chat/record-traffic.ts";
import type { ServingVersion } from "../../../pipelines/chat/flow-catalog.ts";
import { RetryLaterError } from "../../../shared/errors.ts";
import type { TrafficRecorder } from "../../../shared/model/traffic-recorder.ts";
import type { TrafficRollup } from "../../../shared/model/traffic.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createStillClock, type StillClock } from "../../fakes/still-clock.ts";

let store: BlobStore;
let clock: StillClock;
let isLost: boolean;
/** What happens while a write fails. */
let meanwhile: () => void;
let recorder: TrafficRecorder;

beforeEach(() => {
  store = createMemoryBlobStore();
  clock = createStillClock("2026-11-26T16:05:00.000Z");
  isLost = false;
  meanwhile = () => {};
  const append: BlobStore["append"] = async (...all) => {
    if (isLost) {
      meanwhile();
      throw new RetryLaterError("storage is gone");
    }
    return store.append(...all);
  };
  recorder = createTrafficRecorder({ store: { ...store, append }, clock, instance: "i1" });
});

const loaded = {} as ServingVersion["loaded"];
function serving(arm: "stable" | "canary"): ServingVersion {
  const share = { arm, rollout: "r", step: 1, weight: 0.05, latencyObjectiveMs: undefined };
  return { flow: "shop", version: arm === "stable" ? "one" : "two", loaded, share };
}

async function lines(minute: string): Promise<TrafficRollup[]> {
  const blob = await store.read("traffic", `shop/rollups/2026-11-26T16/${minute}-i1.jsonl`);
  const text = blob?.body.toString("utf8") ?? "";
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as TrafficRollup]));
}

test("sessions are counted by arm as hashes, a blob per minute and process", async () => {
  recorder.record({ serving: serving("stable"), session: "ada@example.com", defects: [] });
  recorder.record({ serving: serving("stable"), session: "ada@example.com", defects: ["error"] });
  recorder.record({ serving: serving("canary"), session: "bob", defects: ["latency"] });
  await recorder.flush();
  const [line] = await lines("05");
  expect(line).toMatchObject({ at: "2026-11-26T16:05:00.000Z", rollout: "r", step: 1, weight: 0.05 });
  expect(line?.arms.stable).toMatchObject({ version: "one", requests: 2, share: 1 });
  expect(line?.arms.stable?.sessions).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
  expect(line?.arms.stable?.defects).toEqual({ error: line?.arms.stable?.sessions });
  expect(line?.arms.canary?.defects.latency).toEqual(line?.arms.canary?.sessions);
  expect(JSON.stringify(line)).not.toContain("ada");

  clock.advance(60_000);
  recorder.record({ serving: serving("stable"), session: "carl", defects: [] });
  await recorder.close();
  expect(await lines("06")).toHaveLength(1);
});

test("what comes between two writes of two steps is a line of each", async () => {
  const first = serving("canary");
  const second = { ...first, share: first.share && { ...first.share, step: 2, weight: 0.5 } };
  recorder.record({ serving: first, session: "ada", defects: ["error"] });
  recorder.record({ serving: second, session: "bob", defects: [] });
  await recorder.flush();
  expect((await lines("05")).map(({ step, weight, arms }) => [step, weight, arms.canary?.requests])).toEqual([
    [1, 0.05, 1],
    [2, 0.5, 1],
  ]);
});

test("what comes while a write fails is counted with what it failed of, by the smaller share of the two", async () => {
  const come = (from: number, to: number): void => {
    for (let index = from; index < to; index += 1) {
      recorder.record({ serving: serving("canary"), session: `s${index}`, defects: ["error"] });
    }
  };
  isLost = true;
  come(0, 3_000);
  meanwhile = () => come(3_000, 3_020);
  await recorder.flush();
  isLost = false;
  await recorder.flush();
  const [line, ...more] = await lines("05");
  expect(more).toEqual([]);
  expect(line?.arms.canary).toMatchObject({ requests: 3_020, share: 0.5 });
  const { sessions = [] } = line?.arms.canary ?? {};
  expect(sessions.every((hash) => Number.parseInt(hash.slice(0, 8), 16) < 2 ** 31)).toBe(true);
});

test("without requests nothing is written", async () => {
  await recorder.flush();
  for await (const { name } of store.list("traffic", "")) expect(name).toBe("nothing");
  expect(await lines("05")).toEqual([]);
});

test("what cannot be written is kept until it can", async () => {
  isLost = true;
  recorder.record({ serving: serving("canary"), session: "bob", defects: ["error"] });
  await recorder.flush();
  recorder.record({ serving: serving("canary"), session: "carl", defects: [] });
  isLost = false;
  await recorder.flush();
  const [line] = await lines("05");
  expect(line?.arms.canary).toMatchObject({
    requests: 2,
    sessions: { length: 2 },
    defects: { error: { length: 1 } },
  });
});

test("at high traffic a share of the sessions stands for all, the same share in every process", async () => {
  for (let session = 0; session < 10_000; session++) {
    recorder.record({
      serving: serving("stable"),
      session: `s${session}`,
      defects: session < 1000 ? ["error"] : [],
    });
  }
  await recorder.flush();
  const [line] = await lines("05");
  const arm = line?.arms.stable;
  expect(arm?.share).toBe(0.125);
  expect((arm?.sessions.length ?? 0) / 0.125).toBeGreaterThan(9_000);
  expect((arm?.sessions.length ?? 0) / 0.125).toBeLessThan(11_000);
  expect((arm?.defects.error?.length ?? 0) / 0.125).toBeGreaterThan(700);
  expect(arm?.sessions.every((hash) => Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32 < 0.125)).toBe(true);
});
