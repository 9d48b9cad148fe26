import { beforeEach, describe, expect, test } from "vitest";
import { evaluateShard } from "../../../pipelines/evaluate/evaluate-shard.ts";
import { planRun } from "../../../pipelines/evaluate/plan-run.ts";
import type { LedgerEntry } from "../../../shared/model/release.ts";
import { recordEntry } from "../../../shared/registry/ledger.ts";
import type { RunPlan } from "../../../shared/model/run.ts";
import type { SnapshotMessage } from "../../../shared/messages/queue-messages.ts";
import { flowHistory } from "../../../shared/registry/flow-history.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createEvaluateWorld, FIRST, QUESTIONS } from "./evaluate-world.ts";
import type { Edit, EvaluateWorld } from "./evaluate-world.ts";
import { FLOW, MAIN } from "../intake/intake-world.ts";

const FEW = QUESTIONS.slice(0, 3);
let world: EvaluateWorld;
beforeEach(() => {
  world = createEvaluateWorld();
});

test("every row of the suite is in one shard of the run, and in one only", async () => {
  const plan = await world.plan(await world.push(QUESTIONS));
  const shards = world.takeShards();
  expect(shards.map(({ shard }) => shard)).toEqual(plan.shards);
  expect(shards.length).toBeGreaterThan(1);
  expect(shards.every(({ run, sequence }) => run === plan.id && sequence === 1)).toBe(true);
  const [suite] = await world.intake.suites();
  expect(new Set(plan.shards)).toEqual(new Set(suite?.buckets.map(({ name }) => name)));
  expect(suite?.buckets.reduce((sum, { rows }) => sum + rows, 0)).toBe(QUESTIONS.length);
});

test("the order of the shards is another one for another version", async () => {
  const many = Array.from({ length: 600 }, (_, index) => `What is in aisle ${index}?`);
  const first = await world.plan(await world.push(many));
  const second = await world.plan(await world.push(many, { prompt: "at 18" }));
  expect(second.shards).not.toEqual(first.shards);
  expect(second.shards.toSorted()).toEqual(first.shards.toSorted());
});

test("a message delivered again plans nothing again", async () => {
  const message = await world.push(FEW);
  const plan = await world.plan(message);
  expect(world.takeShards()).toHaveLength(plan.shards.length);
  expect((await world.plan(message)).id).toBe(plan.id);
  expect(world.takeShards()).toEqual([]);
});

test("a planner that died before it had handed out every shard is completed by the next delivery", async () => {
  const message = await world.push(QUESTIONS);
  let sent = 0;
  const dying: EvaluateWorld = {
    ...world,
    queue: {
      ...world.queue,
      async send(queue, body, options) {
        if (sent++ === 1) throw new Error("killed");
        await world.queue.send(queue, body, options);
      },
    },
  };
  await expect(planRun(message, dying)).rejects.toThrow("killed");
  expect(await world.current()).toBeUndefined();
  world.takeShards();
  const plan = await world.plan(message);
  expect(world.takeShards().map(({ shard }) => shard)).toEqual(plan.shards);
});

test("the message of an older change than the current one is dropped", async () => {
  const older = await world.push(FEW);
  const newer = await world.push(FEW, { prompt: "at 18" });
  const plan = await world.plan(newer);
  world.takeShards();
  expect((await world.plan(older)).id).toBe(plan.id);
  expect(world.takeShards()).toEqual([]);
  expect(await world.current()).toEqual({ sequence: newer.sequence, run: plan.id });
});

describe("against production", () => {
  test("a new version is compared with the one that serves", async () => {
    const stable = await world.plan(await world.push(FEW));
    await world.serve(stable);
    const plan = await world.plan(await world.push(FEW, { prompt: "at 18" }));
    expect(plan).toMatchObject({ purpose: "candidate", baseline: stable.version, suite: stable.suite });
  });

  test("the version that serves is certified again on a new suite", async () => {
    const stable = await world.plan(await world.push(FEW));
    await world.serve(stable);
    world.takeShards();
    const plan = await world.plan(await world.push(FEW, { gate: ">= 2" }));
    expect(plan).toMatchObject({ purpose: "recertification", version: stable.version });
    expect(plan.baseline).toBeUndefined();
    expect(plan.suite).not.toBe(stable.suite);
    expect(world.takeShards()).toHaveLength(plan.shards.length);
  });

  describe("beside a candidate that was rejected on a new suite", () => {
    async function rejected(): Promise<{ stable: RunPlan; candidate: RunPlan; message: SnapshotMessage }> {
      const stable = await world.plan(await world.push(FEW));
      await world.serve(stable);
      const pushed = await world.push(FEW, { prompt: "at 18", gate: ">= 5" });
      const candidate = await world.plan(pushed);
      await world.evaluateAll();
      await world.decided(candidate, "fail", true);
      const message = { ...pushed, version: stable.version, recertifyAfter: candidate.id };
      return { stable, candidate, message };
    }

    test("the version that serves is certified on it too, once, for no call more, and the current run stays", async () => {
      const { stable, candidate, message } = await rejected();
      await planRun(message, world);
      const shards = world.takeShards();
      const run = shards[0]?.run ?? "";
      const stored = await world.store.read("registry", registryPath.plan(FLOW, run));
      expect(JSON.parse(stored?.body.toString() ?? "{}")).toMatchObject({
        purpose: "recertification",
        version: stable.version,
        suite: candidate.suite,
        recertifyAfter: candidate.id,
      });
      expect(await world.current()).toEqual({ sequence: 2, run: candidate.id });
      const before = world.calls.length;
      for (const shard of shards) await evaluateShard(shard, world, FIRST);
      expect(world.calls.length).toBe(before);
      expect((await world.report(run))?.calls.made).toBe(0);
      await world.decided({ ...candidate, id: run }, "fail", true);
      await planRun(message, world);
      expect(world.takeShards()).toEqual([]);
    });

    test("nothing is asked once another version serves or the suite's certificate is there", async () => {
      const { stable, candidate, message } = await rejected();
      await world.serve({ ...stable, suite: candidate.suite });
      await planRun(message, world);
      await world.serve(candidate);
      await planRun(message, world);
      expect(world.takeShards()).toEqual([]);
      expect(await world.current()).toEqual({ sequence: 2, run: candidate.id });
    });
  });

  test("the version that serves needs no run on the suite it passed", async () => {
    const stable = await world.plan(await world.push(FEW));
    await world.serve(stable);
    world.takeShards();
    const again = await world.push(FEW);
    expect(again.sequence).toBe(2);
    expect((await world.plan(again)).id).toBe(stable.id);
    expect(world.takeShards()).toEqual([]);
    expect(await world.current()).toEqual({ sequence: 2, run: stable.id });
  });

  test("a proposal is compared with it too, and its run is one of its own", async () => {
    const message = await world.push(FEW);
    const candidate = await world.plan(message);
    const source = { container: "proposals", proposal: "pull-7", flow: MAIN.flow } as const;
    world.takeShards();
    await planRun({ ...message, source }, world);
    const [shard] = world.takeShards();
    expect(shard?.source).toEqual(source);
    expect(shard?.run).not.toBe(candidate.id);
    expect(await world.current()).toEqual({ sequence: 1, run: candidate.id });
  });
});

describe("a suite other than the one production was certified on", () => {
  const ROWS = QUESTIONS.slice(0, 12);
  const fields = (question: string): Record<string, unknown> => {
    const aisle = Number(/\d+/.exec(question)?.[0]);
    return { id: `row-${aisle % 100}`, area: aisle % 100 < 6 ? "food" : "tools" };
  };

  async function changeTo(questions: string[], edit: Edit = {}): Promise<RunPlan> {
    const stable = await world.plan(await world.push(ROWS, { fields }));
    await world.serve(stable);
    return world.plan(await world.push(questions, { fields, ...edit }));
  }

  test("is reported with the rows that were added, removed and changed", async () => {
    const plan = await changeTo([...ROWS.slice(2), "What is in aisle 12?", "What is in aisle 101?"]);
    expect(plan.datasetChange).toMatchObject({
      datasets: [{ dataset: "data.jsonl", before: 12, after: 12, added: 1, removed: 1, changed: 1 }],
      lostSlices: [],
    });
    const { digest } = plan.datasetChange ?? {};
    expect(digest?.before).not.toBe(digest?.after);
  });

  test("is reported with what no row is about any more", async () => {
    const plan = await changeTo(ROWS.slice(6));
    expect(plan.datasetChange?.lostSlices).toEqual([{ field: "area", value: "food", rows: 6 }]);
  });

  test("is reported with a dataset that is gone", async () => {
    const stable = await world.plan(await world.push(ROWS, { safety: ["What is in aisle 90?"] }));
    await world.serve(stable);
    const plan = await world.plan(await world.push(ROWS));
    expect(plan.datasetChange?.datasets).toContainEqual({
      dataset: "attacks.jsonl",
      before: 1,
      after: 0,
      added: 0,
      removed: 1,
      changed: 0,
    });
  });

  test("changes nothing in the datasets where only the gate did", async () => {
    const plan = await changeTo(ROWS, { gate: ">= 2" });
    expect(plan.purpose).toBe("recertification");
    expect(plan.datasetChange).toBeUndefined();
  });
});

describe("the same inputs asked for by another change", () => {
  test("that failed are not evaluated again", async () => {
    const first = await world.plan(await world.push(FEW));
    await world.decided(first, "fail", true);
    world.takeShards();
    expect((await world.plan(await world.push(FEW))).id).toBe(first.id);
    expect(world.takeShards()).toEqual([]);
    expect(await world.current()).toEqual({ sequence: 2, run: first.id });
  });

  test("whose run is under way share it", async () => {
    const first = await world.plan(await world.push(FEW));
    expect((await world.plan(await world.push(FEW))).id).toBe(first.id);
    await world.decided(first, "pass", false);
    expect((await world.plan(await world.push(FEW))).id).toBe(first.id);
  });

  test.for(["error", "inconclusive"] as const)(
    "that ended in %s are evaluated again, once for the change",
    async (end) => {
      const first = await world.plan(await world.push(FEW));
      await world.decided(first, end, false);
      world.takeShards();
      const message = await world.push(FEW);
      const again = await world.plan(message);
      expect(again.id).not.toBe(first.id);
      expect(again).toMatchObject({ version: first.version, suite: first.suite });
      expect(world.takeShards()).toHaveLength(again.shards.length);
      expect((await world.plan(message)).id).toBe(again.id);
      expect(world.takeShards()).toEqual([]);
    },
  );

  test("and a late copy of the message that made a failed attempt does not start another", async () => {
    const message = await world.push(FEW);
    const first = await world.plan(message);
    await world.decided(first, "error", false);
    world.takeShards();
    expect((await world.plan(message)).id).toBe(first.id);
    expect(world.takeShards()).toEqual([]);
  });

  test("whose version an operator rolled back do not bring it back", async () => {
    const one = await world.plan(await world.push(FEW));
    await world.serve(one);
    const two = await world.plan(await world.push(FEW, { prompt: "at 18" }));
    await world.decided(two, "pass", true);
    const entry = { flow: FLOW, version: one.version, from: two.version };
    await recordEntry(world.store, { ...entry, sequence: 1, kind: "rolled_back" } as LedgerEntry);
    await world.push(FEW);
    world.takeShards();
    expect((await world.plan(await world.push(FEW, { prompt: "at 18" }))).id).toBe(two.id);
    expect(world.takeShards()).toEqual([]);
  });

  test("that passed and were released before can be released once more", async () => {
    const one = await world.plan(await world.push(FEW));
    await world.decided(one, "pass", true);
    await world.serve(one);
    const two = await world.plan(await world.push(FEW, { prompt: "at 18" }));
    await world.decided(two, "pass", true);
    await world.serve(two);
    const back = await world.plan(await world.push(FEW));
    await world.decided(back, "pass", true);
    await world.serve(back);
    world.takeShards();
    const forth = await world.plan(await world.push(FEW, { prompt: "at 18" }));
    expect(forth).toMatchObject({ version: two.version, baseline: one.version });
    expect(forth.id).not.toBe(two.id);
    expect(world.takeShards()).toHaveLength(forth.shards.length);
  });
});

describe("in the history", () => {
  const history = () => flowHistory(world.store, FLOW, 50);

  test("a run that a newer change overtook stands, once, and the one that goes on", async () => {
    const first = await world.plan(await world.push(FEW));
    expect(await history()).toMatchObject({ superseded: [], underWay: { plan: { id: first.id } } });
    const newer = await world.push(FEW, { prompt: "at 18" });
    const second = await world.plan(newer);
    await world.plan(newer);
    const told = await history();
    expect(told.superseded).toEqual([
      { sequence: 1, at: expect.any(String), version: first.version, run: first.id, commit: first.commit },
    ]);
    expect(told.underWay).toMatchObject({ state: "running", plan: { id: second.id } });
  });

  test("a planner that died between the record and the pointer leaves the earlier run under way", async () => {
    const first = await world.plan(await world.push(FEW));
    const newer = await world.push(FEW, { prompt: "at 18" });
    const store = {
      ...world.store,
      async write(...written: Parameters<typeof world.store.write>) {
        if (written[1] === registryPath.currentRun(MAIN)) throw new Error("killed");
        return world.store.write(...written);
      },
    };
    await expect(planRun(newer, { ...world, store })).rejects.toThrow("killed");
    expect(await history()).toMatchObject({ superseded: [], underWay: { plan: { id: first.id } } });
    await world.plan(newer);
    expect((await history()).superseded).toMatchObject([{ run: first.id }]);
  });

  test("a change that was overtaken before it was planned stands without a run", async () => {
    const older = await world.push(FEW);
    await world.plan(await world.push(FEW, { prompt: "at 18" }));
    await world.plan(older);
    const { superseded } = await history();
    expect(superseded).toMatchObject([{ sequence: 1, version: older.version }]);
    expect(superseded[0]?.run).toBeUndefined();
  });

  test("a change that was overtaken while it was planned stands with its run", async () => {
    const older = await world.push(FEW);
    const newer = await world.push(FEW, { prompt: "at 18" });
    let isNewerPlanned = false;
    const overtaken: EvaluateWorld = {
      ...world,
      queue: {
        ...world.queue,
        async send(queue, body, options) {
          await world.queue.send(queue, body, options);
          if (!isNewerPlanned) {
            isNewerPlanned = true;
            await planRun(newer, world);
          }
        },
      },
    };
    await planRun(older, overtaken);
    const { superseded, underWay } = await history();
    expect(superseded).toMatchObject([{ sequence: 1, version: older.version, run: expect.any(String) }]);
    expect(underWay?.plan.version).toBe(newer.version);
  });

  test("a change that was refused or took everything away overtakes nothing", async () => {
    const plan = await world.plan(await world.push(FEW));
    await world.intake.write("flow.yaml", "nonsense: true");
    await world.intake.changed(".commit.json");
    const told = await history();
    expect(told.refusals).toHaveLength(1);
    expect(told).toMatchObject({ superseded: [], underWay: { state: "running", plan: { id: plan.id } } });
  });

  test("a run that has a verdict was not overtaken, nor one that the ledger has an entry about", async () => {
    const first = await world.plan(await world.push(FEW));
    await world.decided(first, "fail", true);
    const second = await world.plan(await world.push(FEW, { prompt: "at 18" }));
    expect((await history()).superseded).toEqual([]);
    await world.plan(await world.push(FEW, { prompt: "at 19" }));
    expect((await history()).superseded).toMatchObject([{ run: second.id }]);
    const entry = { flow: FLOW, sequence: 1, kind: "superseded", run: second.id, version: second.version };
    await recordEntry(world.store, entry as LedgerEntry);
    expect((await history()).superseded).toEqual([]);
  });

  test("a late copy of the message of a change that was decided tells nothing", async () => {
    const older = await world.push(FEW);
    const first = await world.plan(older);
    const entry = { flow: FLOW, sequence: 1, kind: "promoted", run: first.id, version: first.version };
    await recordEntry(world.store, entry as LedgerEntry);
    await world.decided(first, "pass", true);
    await world.plan(await world.push(FEW, { prompt: "at 18" }));
    await world.plan(older);
    expect((await history()).superseded).toEqual([]);
  });
});
