import { beforeEach, describe, expect, test } from "vitest";
import { takeSnapshot } from "../../../pipelines/intake/take-snapshot.ts";
import { RetryLaterError } from "../../../shared/errors.ts";
import { sha256 } from "../../../shared/model/canonical.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { writeSmallFlow } from "../../e2e/small-flow.ts";
import { createIntakeWorld, FLOW, MAIN } from "./intake-world.ts";
import type { IntakeWorld } from "./intake-world.ts";

const PROMPT = `${FLOW}/chat.prompty`;
let world: IntakeWorld;
beforeEach(async () => {
  world = createIntakeWorld();
  await world.pushSmallFlow();
});

/** The same world on a store that does something before some of its calls. */
function withStore(over: Partial<BlobStore>): IntakeWorld {
  return { ...world, store: { ...world.store, ...over } };
}

async function edit(path: string, from: string, to: string): Promise<void> {
  const before = (await world.store.read("flows", `${FLOW}/${path}`))?.body.toString() ?? "";
  expect(before).toContain(from);
  await world.write(path, before.replace(from, to));
}

async function problems(): Promise<string> {
  const outcome = (await world.state())?.outcome;
  return outcome?.kind === "refused"
    ? JSON.stringify(outcome.diagnostics)
    : `not refused but ${outcome?.kind}`;
}

describe("names follow from content", () => {
  /** Which names change with an edit of one file. */
  async function afterEdit(
    path: string,
    from: string,
    to: string,
  ): Promise<{ version: boolean; suite: boolean }> {
    await takeSnapshot(MAIN, world);
    const before = (await world.state())?.outcome;
    await edit(path, from, to);
    expect(await takeSnapshot(MAIN, world)).toEqual({ kind: "accepted" });
    const after = (await world.state())?.outcome;
    if (before?.kind !== "accepted" || after?.kind !== "accepted") throw new Error("not accepted");
    return { version: before.version !== after.version, suite: before.suite !== after.suite };
  }

  test("another prompt is another version of the same suite", async () => {
    expect(await afterEdit("chat.prompty", "at 17", "at 18")).toEqual({ version: true, suite: false });
  });

  test("another dataset is another suite for the same version", async () => {
    expect(await afterEdit("data.jsonl", "open?", "open today?")).toEqual({ version: false, suite: true });
  });

  test("another gate is another suite for the same version", async () => {
    expect(await afterEdit("flow.yaml", ">= 1", ">= 2")).toEqual({ version: false, suite: true });
  });

  test("lines that move in flow.yaml make neither", async () => {
    const moved = "# A comment.\n\n\nprompt: chat.prompty";
    expect(await afterEdit("flow.yaml", "prompt: chat.prompty", moved)).toEqual({
      version: false,
      suite: false,
    });
  });

  test("how production is watched makes neither, and takes effect with the change", async () => {
    const plan = async (): Promise<string | undefined> =>
      (await world.store.read("registry", registryPath.monitoring(FLOW)))?.body.toString();
    const end = 'coherence: { mean: ">= 1" }\n';
    const watched = `${end}monitoring: { sample: 20% }\n`;
    expect(await afterEdit("flow.yaml", end, watched)).toEqual({ version: false, suite: false });
    expect(JSON.parse((await plan()) ?? "")).toMatchObject({
      sequence: 2,
      monitoring: { sample: 0.2, evaluators: ["coherence"], retainDays: 30 },
    });
    // What is refused leaves it as it was; what leaves it out ends it.
    const before = await plan();
    await edit("flow.yaml", "20%", "often");
    expect(await takeSnapshot(MAIN, world)).toEqual({ kind: "refused" });
    expect(await plan()).toBe(before);
    await edit("flow.yaml", "monitoring: { sample: often }\n", "");
    await takeSnapshot(MAIN, world);
    expect(JSON.parse((await plan()) ?? "")).not.toHaveProperty("monitoring");
  });

  test("a file that nothing refers to makes neither", async () => {
    await world.write("README.md", "before");
    expect(await afterEdit("README.md", "before", "after")).toEqual({ version: false, suite: false });
  });

  test("another judge is another suite for the same version", async () => {
    await takeSnapshot(MAIN, world);
    await world.write(".commit.json", "{}");
    await takeSnapshot(MAIN, { ...world, judgeModel: "test/another" });
    expect(await world.versions()).toHaveLength(1);
    expect(await world.suites()).toHaveLength(2);
  });

  test("another embedding model is another suite where an evaluator compares by it, and nowhere else", async () => {
    const another = { ...world, embeddingModel: "test/another" };
    await takeSnapshot(MAIN, world);
    await world.write(".commit.json", "{}");
    await takeSnapshot(MAIN, another);
    expect(await world.suites()).toHaveLength(1);
    await edit("flow.yaml", "evaluators: [", "evaluators: [embedding_similarity, ");
    await world.write("data.jsonl", '{"question": "When does it open?", "ground_truth": "At 9."}\n');
    await takeSnapshot(MAIN, world);
    await world.write(".commit.json", "{}");
    await takeSnapshot(MAIN, another);
    expect(await world.suites()).toHaveLength(3);
  });
});

describe("a reading is of one moment", () => {
  test("a file that changes while it is read is read again", async () => {
    let reads = 0;
    const racing = withStore({
      async read(container, name) {
        if (name === PROMPT && reads++ === 0) await edit("chat.prompty", "at 17", "at 19");
        return world.store.read(container, name);
      },
    });
    expect(await takeSnapshot(MAIN, racing)).toEqual({ kind: "accepted" });
    const [version] = await world.versions();
    const stored = await world.store.read(
      "registry",
      registryPath.versionFile(FLOW, version?.id ?? "", "chat.prompty"),
    );
    expect(stored?.body.toString()).toContain("at 19");
    expect(reads).toBe(2);
  });

  test("a file that is added while others are read is part of it", async () => {
    await edit("flow.yaml", "[data.jsonl]", "[data.jsonl, more.jsonl]");
    let reads = 0;
    const racing = withStore({
      async read(container, name) {
        if (name === PROMPT && reads++ === 0) await world.write("more.jsonl", '{"question": "Why?"}\n');
        return world.store.read(container, name);
      },
    });
    expect(await takeSnapshot(MAIN, racing)).toEqual({ kind: "accepted" });
    expect((await world.suites())[0]?.rows).toBe(3);
  });

  test("after three tries it is left for later, and nothing is recorded", async () => {
    let reads = 0;
    const restless = withStore({
      async read(container, name) {
        if (name === PROMPT) await world.write("chat.prompty", `read ${++reads} times`);
        return world.store.read(container, name);
      },
    });
    await expect(takeSnapshot(MAIN, restless)).rejects.toThrow(RetryLaterError);
    expect(reads).toBe(3);
    expect(await world.state()).toBeUndefined();
    expect(await world.versions()).toEqual([]);
  });
});

describe("an open push", () => {
  const announced = Object.fromEntries([...writeSmallFlow(FLOW)].map(([path, text]) => [path, sha256(text)]));

  test("is waited for, and refused after five minutes with what to do", async () => {
    await world.write(
      ".push.json",
      JSON.stringify({ pushId: "two", files: { ...announced, "more.jsonl": "0" } }),
    );
    expect(await takeSnapshot(MAIN, world)).toEqual({ kind: "waiting", forMs: 5_000 });
    expect(await world.state()).toBeUndefined();

    world.clock.advance(5 * 60_000 + 1);
    expect(await takeSnapshot(MAIN, world)).toEqual({ kind: "refused" });
    expect(await problems()).toContain("3 of its 4 files");
    expect(await problems()).toContain("Push again");
    expect(await world.versions()).toEqual([]);
  });

  test("whose files are all there needs no closing", async () => {
    await world.write(".push.json", JSON.stringify({ pushId: "two", files: announced }));
    expect(await takeSnapshot(MAIN, world)).toEqual({ kind: "accepted" });
  });

  test("that still has a file to delete is waited for", async () => {
    const { "data.jsonl": _kept, ...fewer } = announced;
    await world.write(".push.json", JSON.stringify({ pushId: "two", files: fewer }));
    expect(await takeSnapshot(MAIN, world)).toMatchObject({ kind: "waiting" });
  });

  test("pushed again is accepted, although it was refused before", async () => {
    await world.write(
      ".push.json",
      JSON.stringify({ pushId: "two", files: { ...announced, "more.jsonl": "0" } }),
    );
    world.clock.advance(6 * 60_000);
    await takeSnapshot(MAIN, world);
    await world.write(".push.json", JSON.stringify({ pushId: "three", files: announced }));
    await world.write(".commit.json", JSON.stringify({ pushId: "three" }));
    expect(await takeSnapshot(MAIN, world)).toEqual({ kind: "accepted" });
    expect(await world.state()).toMatchObject({ sequence: 2, commit: { pushId: "three" } });
  });
});

describe("what cannot be a flow is refused with a remedy", () => {
  test("a flow under another name than its folder's", async () => {
    await edit("flow.yaml", `name: ${FLOW}`, "name: market");
    expect(await takeSnapshot(MAIN, world)).toEqual({ kind: "refused" });
    expect(await problems()).toMatch(
      /named \\"market\\" and lies in the folder \\"shop\\".*upload it to \\"market\/\\"/,
    );
    expect(world.queue.sent).toEqual([]);
  });

  test("a row whose key is given twice", async () => {
    await edit("data.jsonl", '{"id": "close"', '{"id": "close", "id": "closing"');
    expect(await takeSnapshot(MAIN, world)).toEqual({ kind: "refused" });
    const outcome = (await world.state())?.outcome;
    expect(outcome?.kind === "refused" && outcome.diagnostics).toMatchObject([
      { file: "data.jsonl", line: 2, column: 17, message: "The key id is given twice." },
    ]);
  });

  test("a file too large to be read, which is not read", async () => {
    const read: string[] = [];
    const huge = withStore({
      async *list(container, prefix) {
        for await (const entry of world.store.list(container, prefix)) {
          yield entry.name === PROMPT ? { ...entry, bytes: 33 * 2 ** 20 } : entry;
        }
      },
      async read(container, name) {
        read.push(name);
        return world.store.read(container, name);
      },
    });
    expect(await takeSnapshot(MAIN, huge)).toEqual({ kind: "refused" });
    expect(await problems()).toContain("33.0 MiB");
    expect(read).not.toContain(PROMPT);
  });

  test("a malformed file, with its place, told to subscribers and kept for the history", async () => {
    await edit("flow.yaml", '">= 1"', '"> 1"');
    await takeSnapshot(MAIN, world);
    expect(await problems()).toContain('"file":"flow.yaml","line":7');
    expect(world.published).toMatchObject([{ type: "Flowgate.ChangeRefused", subject: "flows/shop" }]);
    expect(await world.store.read("registry", registryPath.refusal(MAIN, 1))).toBeDefined();
  });

  test("the refusal reaches subscribers although the topic was down when it was recorded", async () => {
    await world.write("flow.yaml", "name: [");
    const down: IntakeWorld = {
      ...world,
      events: {
        publish: async () => {
          throw new RetryLaterError("the topic is down");
        },
      },
    };
    await expect(takeSnapshot(MAIN, down)).rejects.toThrow("the topic is down");
    expect(await takeSnapshot(MAIN, world, true)).toEqual({ kind: "unchanged" });
    expect(await takeSnapshot(MAIN, world, true)).toEqual({ kind: "unchanged" });
    expect(world.published.map(({ type }) => type)).toEqual(["Flowgate.ChangeRefused"]);
    expect(await world.store.read("registry", registryPath.refusal(MAIN, 1))).toBeDefined();
  });
});

describe("one flow's intakes do not disturb one another", () => {
  test("at once on the same content they make one change", async () => {
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => takeSnapshot(MAIN, world)));
    expect(outcomes.filter(({ kind }) => kind === "accepted")).toHaveLength(1);
    expect(await world.state()).toMatchObject({ sequence: 1 });
  });

  test("one that was overtaken reads again, and the newest content has the last word", async () => {
    await takeSnapshot(MAIN, world);
    await edit("chat.prompty", "at 17", "at 18");
    let overtaken = 0;
    const slow = withStore({
      async write(container, name, body, options) {
        if (name === registryPath.intake(MAIN) && overtaken++ === 0) {
          await edit("chat.prompty", "at 18", "at 19");
          await takeSnapshot(MAIN, world);
        }
        return world.store.write(container, name, body, options);
      },
    });
    expect(await takeSnapshot(MAIN, slow)).toEqual({ kind: "unchanged" });
    const state = await world.state();
    expect(state?.sequence).toBe(2);
    const version = state?.outcome.kind === "accepted" ? state.outcome.version : "";
    const stored = await world.store.read(
      "registry",
      registryPath.versionFile(FLOW, version, "chat.prompty"),
    );
    expect(stored?.body.toString()).toContain("at 19");
  });

  test("one that is overtaken again and again gives way and looks again later", async () => {
    await takeSnapshot(MAIN, world);
    await world.write(".commit.json", "{}");
    const losing = withStore({
      async write(container, name, body, options) {
        if (name === registryPath.intake(MAIN))
          await world.store.write(container, name, JSON.stringify(await world.state()));
        return world.store.write(container, name, body, options);
      },
    });
    expect(await takeSnapshot(MAIN, losing)).toEqual({ kind: "waiting", forMs: world.settleMs });
  });

  test("a process that died between recording and handing over is made good for when its message comes again", async () => {
    const dying: IntakeWorld = {
      ...world,
      queue: {
        ...world.queue,
        send: async () => {
          throw new Error("killed");
        },
      },
    };
    await expect(takeSnapshot(MAIN, dying)).rejects.toThrow("killed");
    expect(await world.state()).toMatchObject({ sequence: 1 });
    expect(await takeSnapshot(MAIN, world, true)).toEqual({ kind: "unchanged" });
    expect(world.queue.take("flow-snapshots")).toMatchObject([{ source: MAIN, sequence: 1 }]);
  });
});
