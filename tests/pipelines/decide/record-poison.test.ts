import { beforeEach, expect, test } from "vitest";
import type { DecideDependencies } from "../../../pipelines/decide/complete-run.ts";
import { recordPoison } from "../../../pipelines/decide/record-poison.ts";
import type { FlowSource, IntakeState } from "../../../shared/model/intake.ts";
import type { Verdict } from "../../../shared/model/run.ts";
import type { FlowgateEvent } from "../../../shared/ports/events.ts";
import { createJson, readJson } from "../../../shared/registry/json-blob.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createMemoryQueue, type MemoryQueue } from "../../fakes/memory-queue.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { createStillClock } from "../../fakes/still-clock.ts";

const FLOW = "shop";
const MAIN: FlowSource = { container: "flows", flow: FLOW };
const PROPOSAL: FlowSource = { container: "proposals", proposal: "pull-7", flow: FLOW };
let published: FlowgateEvent[];
let dependencies: DecideDependencies;
let queue: MemoryQueue;
beforeEach(() => {
  published = [];
  queue = createMemoryQueue();
  dependencies = {
    store: createMemoryBlobStore(),
    queue,
    telemetry: createMemoryTelemetry(),
    clock: createStillClock(),
    events: { publish: async (event) => void published.push(event) },
  };
});

async function accepted(source: FlowSource): Promise<void> {
  const outcome = { kind: "accepted", version: "one", suite: "suite" };
  const name = registryPath.intake(source);
  await createJson(dependencies.store, "registry", name, { flow: FLOW, sequence: 1, outcome });
}

async function outcomeOf(source: FlowSource): Promise<string | undefined> {
  const state = await readJson<IntakeState>(dependencies.store, "registry", registryPath.intake(source));
  return state?.value.outcome.kind;
}

async function verdictOf(run: string): Promise<Verdict | undefined> {
  return (await readJson<Verdict>(dependencies.store, "registry", registryPath.verdict(FLOW, run)))?.value;
}

async function planned(run: string): Promise<void> {
  await createJson(dependencies.store, "registry", registryPath.plan(FLOW, run), { id: run, flow: FLOW });
}

test.for([["no JSON {"], [null], [42], [{ flow: FLOW, run: "unknown" }]])(
  "the message %j is kept as it was, with what is known of the reason",
  async ([message]) => {
    await recordPoison("evaluation-shards", "id", message, dependencies);
    const name = registryPath.poison("evaluation-shards", "id");
    const kept = await readJson<{ message: unknown; reason: string }>(dependencies.store, "registry", name);
    expect(kept?.value).toMatchObject({ queue: "evaluation-shards", message });
    expect(kept?.value.reason).toContain("every one of its attempts");
    expect(published).toEqual([]);
  },
);

test("the run that a message names ends in error with the reason, and subscribers hear of it", async () => {
  await planned("run");
  const message = { flow: FLOW, run: "run", shard: "0", source: MAIN, sequence: 1 };
  const framed = { poisoned: true, reason: "there is no such shard", message };
  await recordPoison("evaluation-shards", "id", framed, dependencies);
  expect(await verdictOf("run")).toMatchObject({
    outcome: "error",
    reasons: [expect.stringContaining("no such shard")],
  });
  expect(published).toMatchObject([
    { type: "Flowgate.RunCompleted", data: { run: "run", outcome: "error" } },
  ]);
});

test("a run that is decided stays as it was decided", async () => {
  await planned("run");
  await createJson(dependencies.store, "registry", registryPath.verdict(FLOW, "run"), { outcome: "pass" });
  await recordPoison("run-completions", "id", { flow: FLOW, run: "run" }, dependencies);
  expect(await verdictOf("run")).toMatchObject({ outcome: "pass" });
  expect(published).toEqual([]);
});

test("a change whose run could not be planned is shown as refused", async () => {
  await accepted(MAIN);
  const message = { source: MAIN, sequence: 1, version: "one", suite: "suite" };
  await recordPoison("flow-snapshots", "id", message, dependencies);
  expect(await outcomeOf(MAIN)).toBe("refused");
});

test("a proposal whose run could not be planned leaves the flow's own change alone", async () => {
  await accepted(MAIN);
  await accepted(PROPOSAL);
  const message = { source: PROPOSAL, sequence: 1, version: "one", suite: "suite" };
  await recordPoison("flow-snapshots", "id", message, dependencies);
  expect(await outcomeOf(MAIN)).toBe("accepted");
  expect(await outcomeOf(PROPOSAL)).toBe("refused");
});

test("a change that a newer one has replaced is not refused", async () => {
  await accepted(MAIN);
  const message = { source: MAIN, sequence: 0, version: "one", suite: "suite" };
  await recordPoison("flow-snapshots", "id", message, dependencies);
  expect(await outcomeOf(MAIN)).toBe("accepted");
});

test("a re-certification that could not be planned, or whose run broke off, is told to the release", async () => {
  await accepted(MAIN);
  const plan = { id: "challenger", flow: FLOW, version: "two", suite: "stricter", purpose: "candidate" };
  await createJson(dependencies.store, "registry", registryPath.plan(FLOW, "challenger"), plan);
  const message = {
    source: MAIN,
    sequence: 1,
    version: "one",
    suite: "stricter",
    recertifyAfter: "challenger",
  };
  for (const id of ["id", "again"]) await recordPoison("flow-snapshots", id, message, dependencies);
  const [told, ...more] = queue.take("release-requests") as { kind: string; run: string }[];
  expect(more).toEqual([]);
  expect(told).toMatchObject({ kind: "verdict", flow: FLOW });
  expect(await verdictOf(told?.run ?? "")).toMatchObject({
    version: "one",
    suite: "stricter",
    purpose: "recertification",
    outcome: "error",
  });
  expect(await outcomeOf(MAIN)).toBe("accepted");

  const broken = { ...plan, id: "broken", version: "one", purpose: "recertification" };
  await createJson(dependencies.store, "registry", registryPath.plan(FLOW, "broken"), broken);
  await recordPoison("evaluation-shards", "shard", { flow: FLOW, run: "broken", shard: "0" }, dependencies);
  expect(queue.take("release-requests")).toMatchObject([{ kind: "verdict", run: "broken" }]);
});
