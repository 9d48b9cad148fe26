import { beforeEach, expect, test } from "vitest";
import { createTrafficRecorder } from "../../../pipelines/chat/record-traffic.ts";
import { createTrafficReader, type ReadTraffic } from "../../../pipelines/monitor/read-traffic.ts";
import { NotFoundError } from "../../../shared/errors.ts";
import type { OnlineScores } from "../../../shared/model/monitored-turn.ts";
import type { MeasuredTurn, TrafficRecorder } from "../../../shared/model/traffic-recorder.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { LEDGER_ORIGIN, recordEntry, sealEntry } from "../../../shared/registry/ledger.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createStillClock, type StillClock } from "../../fakes/still-clock.ts";

const START = "2026-11-26T16:05:00.000Z";
const MINUTE_MS = 60_000;

let store: BlobStore;
let clock: StillClock;
let one: TrafficRecorder;
let two: TrafficRecorder;
let readTraffic: ReadTraffic;

beforeEach(async () => {
  store = createMemoryBlobStore();
  clock = createStillClock(START);
  one = createTrafficRecorder({ store, clock, instance: "one" });
  two = createTrafficRecorder({ store, clock, instance: "two" });
  readTraffic = createTrafficReader({ store, clock });
  const entry = {
    sequence: 1,
    previousHash: LEDGER_ORIGIN,
    at: START,
    flow: "shop",
    kind: "canary_started",
    version: "new",
    suite: undefined,
    run: undefined,
    from: "old",
    actor: "ada",
    reason: "it passed",
    commit: undefined,
    weight: 0.05,
  } as const;
  await recordEntry(store, sealEntry(entry));
});

function turn(arm: "stable" | "canary", measured: Partial<MeasuredTurn> = {}) {
  const share = { arm, rollout: "r", step: 1, weight: 0.05 };
  const answered = {
    outcome: "answered",
    durationMs: 1000,
    firstTokenMs: undefined,
    usage: { inputTokens: 10, outputTokens: 5 },
    cost: 0.25,
    guardrail: undefined,
  };
  return {
    serving: { flow: "shop", version: arm === "stable" ? "old" : "new", share },
    session: "ada@example.com",
    defects: [],
    measured: { ...answered, ...measured },
  };
}

test("turns of all processes are added up by step, stable and canary apart", async () => {
  one.record(turn("stable"));
  two.record(turn("stable", { durationMs: 2000, firstTokenMs: 300, cost: undefined }));
  two.record(turn("canary", { outcome: "model_unavailable" }));
  two.record(turn("canary", { outcome: "blocked", guardrail: "jailbreak" }));
  two.record({ ...turn("canary"), requests: 0, measured: undefined, ratings: { up: 0, down: 1 } });
  await Promise.all([one.flush(), two.flush()]);
  clock.advance(MINUTE_MS);
  one.record(turn("stable"));
  await one.flush();

  const traffic = await readTraffic("shop", 1);
  expect(traffic).toMatchObject({ to: "2026-11-26T16:06:00.000Z", stepSeconds: 60 });
  expect(traffic.points.map(({ at }) => at)).toEqual([START, "2026-11-26T16:06:00.000Z"]);
  const { stable, canary } = traffic.points[0]?.arms ?? {};
  expect(stable).toMatchObject({ turns: 2, failed: 0, inputTokens: 20, cost: 0.25, unpriced: 1 });
  expect(stable?.duration?.p99).toBeGreaterThan(1900);
  expect(stable?.firstToken?.p50).toBeLessThan(320);
  expect(canary).toMatchObject({
    turns: 2,
    failed: 1,
    blocked: 1,
    guardrails: { jailbreak: 1 },
    feedback: { up: 0, down: 1 },
    duration: undefined,
  });
  expect(traffic.versions.map(({ version, figures }) => [version, figures.turns])).toEqual([
    ["old", 3],
    ["new", 2],
  ]);
  expect(traffic.releases).toEqual([
    { at: START, kind: "canary_started", version: "new", weight: 0.05, actor: "ada" },
  ]);
  expect(JSON.stringify(traffic)).not.toContain("ada@example.com");
});

test("an hour that is over is read from one blob, which says the same", async () => {
  one.record(turn("stable"));
  await one.flush();
  clock.advance(90 * MINUTE_MS);
  const before = await readTraffic("shop", 12);
  for await (const { name } of store.list("traffic", "shop/rollups/")) await store.delete("traffic", name);
  const after = await createTrafficReader({ store, clock })("shop", 12);
  expect(after).toEqual(before);
  expect(after.points).toMatchObject([{ at: START, arms: { stable: { turns: 1 } } }]);
});

test("the hours up to an earlier time leave out what came after", async () => {
  one.record(turn("stable"));
  await one.flush();
  clock.advance(30 * MINUTE_MS);
  const end = clock.now();
  clock.advance(30 * MINUTE_MS);
  one.record(turn("canary"));
  await one.flush();
  const traffic = await readTraffic("shop", 1, end);
  expect(traffic.to).toBe(end.toISOString());
  expect(traffic.points).toMatchObject([{ at: START, arms: { stable: { turns: 1 } } }]);
  expect(traffic.points[0]?.arms.canary).toBeUndefined();
  const later = new Date(clock.now().getTime() + MINUTE_MS);
  expect((await readTraffic("shop", 2, later)).to).toBe(clock.now().toISOString());
});

test("an hour whose last lines may still come is not written down", async () => {
  one.record(turn("stable"));
  await one.flush();
  clock.advance(60 * MINUTE_MS);
  await readTraffic("shop", 2);
  const names: string[] = [];
  for await (const { name } of store.list("traffic", "shop/hours/")) names.push(name);
  expect(names).toEqual([]);
});

test("lines of a release that measured nothing, and one that was cut, stop nobody", async () => {
  const arms = { stable: { version: "old", requests: 3, share: 1, sessions: [], defects: {} } };
  const line = JSON.stringify({ at: START, arms });
  await store.append("traffic", "shop/rollups/2026-11-26T16/05-three.jsonl", `${line}\n${line.slice(0, 20)}`);
  one.record(turn("stable"));
  await one.flush();
  expect((await readTraffic("shop", 1)).versions).toMatchObject([{ version: "old", figures: { turns: 1 } }]);
});

test("online scores are means by version and metric; those that are null count for none", async () => {
  const score = (value: number | null, passed?: boolean) => ({ value, passed, reason: undefined });
  const scores: OnlineScores = {
    flow: "shop",
    suite: "s",
    at: START,
    turns: [
      { turn: "a", version: "old", scores: { groundedness: score(5, true) } },
      { turn: "b", version: "old", scores: { groundedness: score(2, false) } },
      { turn: "c", version: "old", scores: { groundedness: score(null) } },
    ],
    unpaid: [],
  };
  await store.write("traffic", "shop/scores/2026-11-26/batch.json", JSON.stringify(scores));
  expect((await readTraffic("shop", 1)).scores).toEqual([
    { at: START, version: "old", metric: "groundedness", turns: 2, mean: 3.5, failed: 1 },
  ]);
});

test("a flow nobody knows is refused by name", async () => {
  await expect(readTraffic("shopp", 1)).rejects.toThrow(NotFoundError);
  await expect(readTraffic("../shop", 1)).rejects.toThrow(/Known flows: shop/);
});
