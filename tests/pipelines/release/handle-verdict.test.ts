import { beforeEach, expect, test } from "vitest";
import { actOnCommand } from "../../../pipelines/release/act-on-command.ts";
import { handleVerdict } from "../../../pipelines/release/handle-verdict.ts";
import type { ReleaseDependencies } from "../../../pipelines/release/release-dependencies.ts";
import { sha256 } from "../../../shared/model/canonical.ts";
import type { ReleasePointer } from "../../../shared/model/release.ts";
import type { RunPlan, Verdict, VerdictOutcome } from "../../../shared/model/run.ts";
import type { FlowgateEvent } from "../../../shared/ports/events.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { createJson, readJson } from "../../../shared/registry/json-blob.ts";
import { chainHolds, readLedger } from "../../../shared/registry/ledger.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createMemoryQueue } from "../../fakes/memory-queue.ts";
import type { MemoryQueue } from "../../fakes/memory-queue.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import type { MemoryTelemetry } from "../../fakes/memory-telemetry.ts";

const FLOW = "shop";
let store: BlobStore;
let queue: MemoryQueue;
let published: FlowgateEvent[];
let telemetry: MemoryTelemetry;
let dependencies: ReleaseDependencies;
let sequence: number;

beforeEach(() => {
  store = createMemoryBlobStore();
  queue = createMemoryQueue();
  published = [];
  sequence = 0;
  const now = (): Date => new Date("2026-01-01T00:00:00Z");
  telemetry = createMemoryTelemetry();
  dependencies = {
    store,
    queue,
    telemetry,
    events: { publish: async (event) => void published.push(event) },
    clock: { now, elapsed: () => 0, sleep: async () => {} },
    readEvidence: async () => undefined,
  };
});

/** Stores a version, a run of it and the run's verdict, as the stages before would have, and makes the run current. */
async function decided(
  version: string,
  outcome: VerdictOutcome,
  options: { baseline?: string; purpose?: RunPlan["purpose"]; suite?: string } = {},
): Promise<string> {
  const { baseline, purpose = "candidate", suite = "suite" } = options;
  const content = `prompt of ${version}`;
  await createJson(store, "registry", registryPath.version(FLOW, version), {
    flow: FLOW,
    id: version,
    files: [{ path: "chat.prompty", sha256: sha256(content), bytes: content.length }],
  });
  await store.create("registry", registryPath.versionFile(FLOW, version, "chat.prompty"), content);
  const run = `run-of-${version}-on-${suite}`;
  const about = { flow: FLOW, version, suite, baseline, purpose };
  await createJson(store, "registry", registryPath.plan(FLOW, run), { id: run, ...about });
  const verdict: Partial<Verdict> = {
    run,
    ...about,
    outcome,
    requirements: [],
    reasons: [`it is a ${outcome}`],
  };
  await createJson(store, "registry", registryPath.verdict(FLOW, run), verdict);
  sequence++;
  const current = registryPath.currentRun({ container: "flows", flow: FLOW });
  await store.write("registry", current, JSON.stringify({ sequence, run }));
  return run;
}

async function pointer(): Promise<ReleasePointer | undefined> {
  return (await readJson<ReleasePointer>(store, "registry", registryPath.release(FLOW)))?.value;
}

async function kinds(): Promise<string[]> {
  const entries = await readLedger(store, FLOW);
  expect(chainHolds(entries)).toBe(true);
  return entries.map((entry) => entry.kind);
}

async function promote(version: string, baseline?: string): Promise<void> {
  await handleVerdict(
    { flow: FLOW, run: await decided(version, "pass", baseline === undefined ? {} : { baseline }) },
    dependencies,
  );
}

test("a first pass becomes production with a ledger entry and an event", async () => {
  await promote("one");
  expect(await pointer()).toMatchObject({ generation: 1, stable: { version: "one" } });
  expect((await pointer())?.previous).toBeUndefined();
  expect(await kinds()).toEqual(["promoted"]);
  expect(published.map(({ type }) => type)).toEqual(["Flowgate.Promoted"]);
});

test.for(["fail", "inconclusive", "error"] as const)("%s changes nothing that serves", async (outcome) => {
  await promote("one");
  await handleVerdict({ flow: FLOW, run: await decided("two", outcome, { baseline: "one" }) }, dependencies);
  expect(await pointer()).toMatchObject({ stable: { version: "one" } });
  expect(await kinds()).toEqual(["promoted", "rejected"]);
});

test("a verdict delivered again, even after newer decisions, is acted on once", async () => {
  await promote("one");
  const rejected = await decided("two", "fail", { baseline: "one" });
  await handleVerdict({ flow: FLOW, run: rejected }, dependencies);
  await promote("three", "one");
  await handleVerdict({ flow: FLOW, run: rejected }, dependencies);
  await handleVerdict({ flow: FLOW, run: "run-of-one-on-suite" }, dependencies);
  expect(await kinds()).toEqual(["promoted", "rejected", "promoted"]);
  expect(await pointer()).toMatchObject({ stable: { version: "three" }, previous: { version: "one" } });
});

test("a writer that dies after the pointer is completed by the next delivery", async () => {
  const run = await decided("one", "pass");
  const dying: ReleaseDependencies = {
    ...dependencies,
    store: {
      ...store,
      create: async (container, name, body) => {
        if (name.includes("/ledger/")) throw new Error("killed");
        return store.create(container, name, body);
      },
    },
  };
  await expect(handleVerdict({ flow: FLOW, run }, dying)).rejects.toThrow("killed");
  expect((await pointer())?.stable?.version).toBe("one");
  expect(await kinds()).toEqual([]);
  await handleVerdict({ flow: FLOW, run }, dependencies);
  expect(await kinds()).toEqual(["promoted"]);
  expect(published.map(({ type }) => type)).toEqual(["Flowgate.Promoted"]);
});

test("an entry lost with its writer is written by the next decision, so that the chain has no hole", async () => {
  await promote("one");
  await store.delete("registry", registryPath.ledgerEntry(FLOW, 1));
  await promote("two", "one");
  expect(await kinds()).toEqual(["promoted", "promoted"]);
});

test("a lost race is read again and decided again", async () => {
  await promote("one");
  const run = await decided("two", "pass", { baseline: "one" });
  let races = 0;
  const racing: ReleaseDependencies = {
    ...dependencies,
    store: {
      ...store,
      write: async (container, name, body, options) => {
        if (name === registryPath.release(FLOW) && races++ === 0) {
          const current = await pointer();
          await store.write(container, name, JSON.stringify(current));
        }
        return store.write(container, name, body, options);
      },
    },
  };
  await handleVerdict({ flow: FLOW, run }, racing);
  expect(races).toBe(2);
  expect(await pointer()).toMatchObject({ generation: 2, stable: { version: "two" } });
});

test("a pass against a version that no longer serves is planned again instead of promoted", async () => {
  await promote("one");
  await handleVerdict({ flow: FLOW, run: await decided("two", "pass") }, dependencies);
  expect(await pointer()).toMatchObject({ stable: { version: "one" } });
  expect(queue.take("flow-snapshots")).toMatchObject([{ version: "two", suite: "suite", sequence: 2 }]);
});

test("a pass that a newer change has overtaken is not promoted", async () => {
  await promote("one");
  const older = await decided("two", "pass", { baseline: "one" });
  await decided("three", "fail", { baseline: "one" });
  await handleVerdict({ flow: FLOW, run: older }, dependencies);
  expect(await pointer()).toMatchObject({ stable: { version: "one" } });
  expect(await kinds()).toEqual(["promoted", "superseded"]);
});

test("a version whose stored files were altered is not promoted", async () => {
  const run = await decided("one", "pass");
  await store.write("registry", registryPath.versionFile(FLOW, "one", "chat.prompty"), "something else");
  await handleVerdict({ flow: FLOW, run }, dependencies);
  expect((await pointer())?.stable).toBeUndefined();
  expect(await kinds()).toEqual(["rejected"]);
});

test("production that fails a new suite raises an event and goes on serving", async () => {
  await promote("one");
  const run = await decided("one", "fail", { purpose: "recertification", suite: "stricter" });
  await handleVerdict({ flow: FLOW, run }, dependencies);
  expect(await pointer()).toMatchObject({ stable: { version: "one", suite: "suite" } });
  expect(published.at(-1)?.type).toBe("Flowgate.RecertificationFailed");
  expect(telemetry.events.at(-1)).toMatchObject({
    name: "flowgate.recertification.failed",
    attributes: { "flowgate.flow": FLOW, "flowgate.version": "one", "flowgate.suite": "stricter" },
  });
});

test("production that could not be measured on a new suite is told as undecided, not as failed", async () => {
  await promote("one");
  for (const [outcome, suite] of [
    ["inconclusive", "unanswered"],
    ["error", "broken"],
  ] as const) {
    const run = await decided("one", outcome, { purpose: "recertification", suite });
    await handleVerdict({ flow: FLOW, run }, dependencies);
    const { entry, stable } = (await pointer()) ?? {};
    expect(stable).toMatchObject({ version: "one", suite: "suite" });
    expect(entry?.kind).toBe("recertification_undecided");
    expect(entry?.reason).toBe(`Production could not be certified. it is a ${outcome}`);
    expect(published.at(-1)?.type).toBe("Flowgate.RecertificationUndecided");
  }
  expect(telemetry.events.map(({ name }) => name)).not.toContain("flowgate.recertification.failed");
});

test.for(["fail", "inconclusive"] as const)(
  "a candidate that ends in %s on a new suite has production judged on it, for the commit that brought it",
  async (outcome) => {
    await promote("one");
    const run = await decided("two", outcome, { baseline: "one", suite: "stricter" });
    await handleVerdict({ flow: FLOW, run }, dependencies);
    await handleVerdict({ flow: FLOW, run }, dependencies);
    expect(await kinds()).toEqual(["promoted", "rejected"]);
    expect(queue.take("flow-snapshots")).toMatchObject([
      { version: "one", suite: "stricter", sequence: 2, recertifyAfter: run },
    ]);
  },
);

test("production is not judged again where it holds the suite's certificate, or where the candidate replaces it", async () => {
  await promote("one");
  await handleVerdict({ flow: FLOW, run: await decided("two", "fail", { baseline: "one" }) }, dependencies);
  const passed = await decided("three", "pass", { baseline: "one", suite: "stricter" });
  await handleVerdict({ flow: FLOW, run: passed }, dependencies);
  expect(await kinds()).toEqual(["promoted", "rejected", "promoted"]);
  expect(queue.take("flow-snapshots")).toEqual([]);
});

test("rolling back twice goes two versions back", async () => {
  await promote("one");
  await promote("two", "one");
  await promote("three", "two");
  const request = { reason: "worse", actor: "Ada" };
  expect(await actOnCommand(FLOW, "rollback", request, dependencies)).toMatchObject({
    stable: { version: "two" },
  });
  expect(await actOnCommand(FLOW, "rollback", request, dependencies)).toMatchObject({
    stable: { version: "one" },
  });
  await expect(actOnCommand(FLOW, "rollback", request, dependencies)).rejects.toThrow("no earlier version");
  expect(await kinds()).toEqual(["promoted", "promoted", "promoted", "rolled_back", "rolled_back"]);
});

test("nobody is rolled back to a version whose files are gone", async () => {
  await promote("one");
  await promote("two", "one");
  await store.delete("registry", registryPath.versionFile(FLOW, "one", "chat.prompty"));
  await expect(
    actOnCommand(FLOW, "rollback", { reason: "worse", actor: "Ada" }, dependencies),
  ).rejects.toThrow("missing or altered");
  expect(await pointer()).toMatchObject({ stable: { version: "two" } });
});
