import { beforeEach, describe, expect, test } from "vitest";
import { handleChange } from "../../../pipelines/intake/handle-change.ts";
import { PermanentError } from "../../../shared/errors.ts";
import type { FlowSource } from "../../../shared/model/intake.ts";
import { flowHistory } from "../../../shared/registry/flow-history.ts";
import { createIntakeWorld, FLOW, MAIN } from "./intake-world.ts";
import type { IntakeWorld } from "./intake-world.ts";

const PROPOSAL: FlowSource = { container: "proposals", proposal: "pull-7", flow: FLOW };
let world: IntakeWorld;
beforeEach(() => {
  world = createIntakeWorld();
});

describe("a push", () => {
  test("closed by its commit becomes a version and a suite at once, handed over by one message", async () => {
    await world.pushSmallFlow();
    await world.changed(".commit.json");
    const [version] = await world.versions();
    const [suite] = await world.suites();
    expect(world.queue.sent).toEqual([
      {
        queue: "flow-snapshots",
        delaySeconds: 0,
        message: {
          source: MAIN,
          sequence: 1,
          version: version?.id,
          suite: suite?.id,
          commit: { author: "Ada", pushId: expect.any(String) },
          rollout: { kind: "immediate" },
        },
      },
    ]);
    expect(version?.files.map(({ path }) => path)).toEqual(["chat.prompty"]);
    expect(suite?.files.map(({ path }) => path)).toEqual(["data.jsonl"]);
    expect(suite?.rows).toBe(2);
    expect(await world.state()).toMatchObject({
      sequence: 1,
      outcome: { kind: "accepted", version: version?.id },
    });
  });

  test("whose event comes five times is one change", async () => {
    await world.pushSmallFlow();
    await Promise.all(Array.from({ length: 5 }, () => world.changed(".commit.json")));
    expect(await world.state()).toMatchObject({ sequence: 1 });
    expect(await world.versions()).toHaveLength(1);
    expect(world.queue.take("flow-snapshots")).toHaveLength(1);

    for (let again = 0; again < 5; again++) await world.changed(".commit.json");
    expect(world.queue.sent).toEqual([]);
  });

  test("whose events come in reverse is one change with the content that is there", async () => {
    await world.pushSmallFlow();
    for (const path of [".commit.json", "data.jsonl", "chat.prompty", "flow.yaml"]) await world.changed(path);
    expect(world.queue.take("flow-snapshots")).toHaveLength(1);
    for (const note of world.queue.take("flow-changes")) await handleChange(note, world);
    expect(await world.state()).toMatchObject({ sequence: 1 });
    expect(world.queue.sent).toEqual([]);
  });

  test("that is only opened raises nothing", async () => {
    await world.write(".push.json", JSON.stringify({ pushId: "one", files: {} }));
    await world.changed(".push.json");
    expect(world.queue.sent).toEqual([]);
    expect(await world.state()).toBeUndefined();
  });
});

describe("an edit that no push closes", () => {
  test("is looked at again after the quiet time and then becomes a version", async () => {
    await world.pushSmallFlow();
    await world.changed("chat.prompty");
    expect(await world.state()).toBeUndefined();
    expect(world.queue.sent).toMatchObject([
      { queue: "flow-changes", delaySeconds: 2, message: { kind: "settle" } },
    ]);
    const [note] = world.queue.take("flow-changes");
    await handleChange(note, world);
    expect(await world.state()).toMatchObject({ sequence: 1, outcome: { kind: "accepted" } });
  });

  test("is left to the note of a newer write", async () => {
    await world.pushSmallFlow();
    await world.changed("chat.prompty");
    await world.write("data.jsonl", '{"question": "Is the shop open at noon?"}\n');
    await world.changed("data.jsonl");
    const [older, newer] = world.queue.take("flow-changes");
    await handleChange(older, world);
    expect(await world.state()).toBeUndefined();
    await handleChange(newer, world);
    expect(await world.state()).toMatchObject({ sequence: 1, outcome: { kind: "accepted" } });
    expect((await world.suites())[0]?.rows).toBe(1);
  });

  test("is not forgotten because a push was opened after it and came to nothing", async () => {
    await world.pushSmallFlow();
    await world.changed("chat.prompty");
    await world.write(".push.json", JSON.stringify({ pushId: "dead", files: { "flow.yaml": "another" } }));
    await world.changed(".push.json");
    const [note] = world.queue.take("flow-changes");
    await handleChange(note, world);
    expect(world.queue.sent).toMatchObject([
      { queue: "flow-changes", delaySeconds: 5, message: { kind: "settle" } },
    ]);

    world.clock.advance(5 * 60_000);
    const [again] = world.queue.take("flow-changes");
    await handleChange(again, world);
    expect((await world.state())?.outcome).toMatchObject({
      kind: "refused",
      diagnostics: [{ file: ".push.json", remedy: expect.stringContaining("Push again") }],
    });
  });
});

describe("a delete", () => {
  test("of one file is a change", async () => {
    await world.pushSmallFlow();
    await world.changed(".commit.json");
    await world.remove("chat.prompty");
    await world.changed("chat.prompty", MAIN, "BlobDeleted");
    const [note] = world.queue.take("flow-changes");
    await handleChange(note, world);
    const state = await world.state();
    expect(state?.sequence).toBe(2);
    expect(state?.outcome).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(state?.outcome)).toContain("chat.prompty");
  });

  test("of the commit alone waits for the rest", async () => {
    await world.pushSmallFlow();
    await world.remove(".commit.json");
    await world.changed(".commit.json", MAIN, "BlobDeleted");
    expect(await world.state()).toBeUndefined();
    expect(world.queue.sent).toMatchObject([{ queue: "flow-changes", delaySeconds: 2 }]);
  });

  test("of every file is recorded as such, and what was stored of the flow stays", async () => {
    await world.pushSmallFlow();
    await world.changed(".commit.json");
    world.queue.take("flow-snapshots");
    for (const path of ["flow.yaml", "chat.prompty", "data.jsonl", ".commit.json"]) {
      await world.remove(path);
      await world.changed(path, MAIN, "BlobDeleted");
    }
    for (const note of world.queue.take("flow-changes")) await handleChange(note, world);
    expect(await world.state()).toMatchObject({ sequence: 2, outcome: { kind: "deleted" } });
    expect(world.queue.sent).toEqual([]);
    expect(await world.versions()).toHaveLength(1);
  });
});

describe("a proposal", () => {
  test("has an intake state of its own and leaves the flow's alone", async () => {
    await world.pushSmallFlow(PROPOSAL);
    await world.changed(".commit.json", PROPOSAL);
    expect(await world.state()).toBeUndefined();
    expect(await world.state(PROPOSAL)).toMatchObject({
      flow: FLOW,
      sequence: 1,
      outcome: { kind: "accepted" },
    });
    expect(world.queue.take("flow-snapshots")).toMatchObject([{ source: PROPOSAL, sequence: 1 }]);
  });

  test("that is refused is not among the flow's refusals", async () => {
    await world.pushSmallFlow(PROPOSAL);
    await world.write("flow.yaml", "prompt: {", PROPOSAL);
    await world.changed(".commit.json", PROPOSAL);
    expect(await world.state(PROPOSAL)).toMatchObject({ sequence: 1, outcome: { kind: "refused" } });

    await world.pushSmallFlow();
    await world.write("flow.yaml", "name: [");
    await world.changed(".commit.json");
    const { refusals } = await flowHistory(world.store, FLOW, 10);
    expect(refusals).toEqual([await world.state()]);
  });
});

test.for([
  ["a blob in another container", "/blobServices/default/containers/registry/blobs/shop/intake.json"],
  ["a blob beside the flows", "/blobServices/default/containers/flows/blobs/notes.txt"],
  ["a name that could be no flow", "/blobServices/default/containers/flows/blobs/..%2fshop/flow.yaml"],
  ["a proposal without a flow", "/blobServices/default/containers/proposals/blobs/pull-7/flow.yaml"],
])("%s is no change", async ([, subject]) => {
  const eventTime = world.clock.now().toISOString();
  const eventType = "Microsoft.Storage.BlobCreated";
  await handleChange({ id: "1", eventType, subject, eventTime, data: {} }, world);
  expect(world.queue.sent).toEqual([]);
});

test.for([["text"], [{}], [null], [{ kind: "settle", source: { container: "elsewhere" } }]])(
  "the unreadable message %j is given up at once",
  async ([message]) => {
    await expect(handleChange(message, world)).rejects.toThrow(PermanentError);
  },
);
