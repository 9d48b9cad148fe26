import { expect, test } from "vitest";
import { actOnCommand } from "../../../pipelines/release/act-on-command.ts";
import { ConflictError, NotFoundError } from "../../../shared/errors.ts";
import type { ReleaseVerb } from "../../../shared/model/status.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import {
  CANARY,
  createCanaryWorld,
  createReleaseWorld,
  FLOW,
  GOOD,
  type ReleaseWorld,
} from "./release-world.ts";

async function createWaitingWorld(): Promise<ReleaseWorld> {
  const world = createReleaseWorld();
  await world.push("one");
  await world.push("two", "inconclusive", { rollout: CANARY });
  return world;
}

async function createServingWorld(...versions: string[]): Promise<ReleaseWorld> {
  const world = createReleaseWorld();
  for (const version of versions) await world.push(version);
  return world;
}

/** Each verb in a state in which it writes another kind of entry. */
const ONCE: [ReleaseVerb, string, () => Promise<ReleaseWorld>][] = [
  ["approve", "canary_started", createWaitingWorld],
  [
    "approve",
    "promoted",
    async () => {
      const world = createReleaseWorld();
      await world.push("one", "inconclusive", { rollout: CANARY });
      return world;
    },
  ],
  [
    "approve",
    "blocked",
    async () => {
      const world = await createWaitingWorld();
      await world.lose("one");
      return world;
    },
  ],
  [
    "approve",
    "resumed",
    async () => {
      const world = await createCanaryWorld({ approval: "last", steps: [0.5] });
      world.seen = GOOD;
      await world.tick(10);
      return world;
    },
  ],
  ["pause", "paused", createCanaryWorld],
  [
    "resume",
    "resumed",
    async () => {
      const world = await createCanaryWorld();
      await world.command("pause");
      return world;
    },
  ],
  ["abort", "aborting", createCanaryWorld],
  ["abort", "rejected", createWaitingWorld],
  ["rollback", "aborting", createCanaryWorld],
  ["rollback", "rolled_back", () => createServingWorld("one", "two")],
  ["promote", "promoting", createCanaryWorld],
  [
    "promote",
    "promoted",
    async () => {
      const world = await createServingWorld("one");
      await world.push("two", "fail");
      return world;
    },
  ],
  ["stop", "stopped", createCanaryWorld],
  [
    "serve",
    "served_again",
    async () => {
      const world = await createCanaryWorld();
      await world.command("stop");
      return world;
    },
  ],
];

test.for(ONCE)(
  "%s that comes again with its key is done once, where it is %s",
  async ([verb, kind, create]) => {
    const world = await create();
    const before = await world.kinds();
    await world.command(verb, { key: "k" });
    const after = await world.kinds();
    expect(after[before.length]).toBe(kind);
    await world.command(verb, { key: "k" });
    expect(await world.kinds()).toEqual(after);
  },
);

test("a key is remembered for many steps that came since", async () => {
  const world = await createCanaryWorld();
  await world.command("pause", { key: "k" });
  for (let round = 0; round < 20; round += 1) {
    await world.command("resume");
    await world.command("pause");
  }
  await world.command("resume");
  await world.command("pause", { key: "k" });
  expect((await world.pointer())?.state).toBe("canary");
});

test("a request that comes again tells of what it did where that was not heard", async () => {
  const world = await createCanaryWorld();
  const { publish } = world.dependencies.events;
  world.dependencies.events.publish = () => Promise.reject(new Error("down"));
  await world.command("pause", { key: "k" });
  world.dependencies.events.publish = publish;
  await world.command("pause", { key: "k" });
  expect(world.published.at(-1)?.type).toBe("Flowgate.Paused");
});

test("what somebody else wrote first is read, and the command decided again", async () => {
  const world = await createCanaryWorld();
  const { store } = world.dependencies;
  let races = 0;
  const write: typeof store.write = async (container, name, body, options) => {
    if (name === registryPath.release(FLOW) && races++ === 0) {
      await store.write(container, name, JSON.stringify(await world.pointer()));
    }
    return store.write(container, name, body, options);
  };
  const request = { generation: undefined, reason: "because", actor: "Ada" };
  await actOnCommand(FLOW, "stop", request, { ...world.dependencies, store: { ...store, write } });
  expect(races).toBe(2);
  expect((await world.kinds()).at(-1)).toBe("stopped");
});

test("what names the right step is refused nevertheless where it saw an older release", async () => {
  const world = await createCanaryWorld();
  const { rollout, generation = 0 } = (await world.pointer()) ?? {};
  const seen = { rolloutId: rollout?.id ?? "", step: 1, generation };
  await world.command("stop");
  await expect(world.command("pause", seen)).rejects.toThrow(ConflictError);
  await expect(world.command("promote", seen)).rejects.toThrow(ConflictError);
  expect((await world.pointer())?.state).toBe("canary");
});

test("promote takes the newest evaluation of a version that was evaluated twice", async () => {
  const world = await createServingWorld("one");
  await world.push("two", "fail", { suite: "old" });
  const run = await world.push("two", "fail", { suite: "new" });
  await world.push("three", "fail");
  await world.command("promote", { version: "two" });
  expect((await world.pointer())?.stable).toMatchObject({ version: "two", suite: "new", run });
});

test("what a writer that died left out of the ledger is there for who asks to promote it", async () => {
  const world = await createServingWorld("one");
  const run = await world.push("two", "fail");
  await world.judge("three");
  await world.store.delete("registry", registryPath.ledgerEntry(FLOW, 2));
  await world.store.write("registry", registryPath.announced(FLOW), JSON.stringify({ sequence: 1 }));
  await world.command("promote", { version: "two" });
  expect((await world.pointer())?.stable).toMatchObject({ version: "two", run });
  expect(await world.kinds()).toEqual(["promoted", "rejected", "promoted"]);
});

test("a flow that is none, or has no release, is not found", async () => {
  const world = createReleaseWorld();
  const request = { generation: undefined, reason: "because", actor: "Ada" };
  await expect(actOnCommand("shop", "stop", request, world.dependencies)).rejects.toThrow(NotFoundError);
  const read = (): never => {
    throw new Error("Nothing is looked up.");
  };
  const dependencies = { ...world.dependencies, store: { ...world.store, read } };
  await expect(actOnCommand("../shop", "stop", request, dependencies)).rejects.toThrow(NotFoundError);
});
