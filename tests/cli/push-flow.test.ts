import { expect, test, vi } from "vitest";
import { pushFlow } from "../../cli/push-flow.ts";
import { createBlobStore } from "../../shared/adapters/azure/blob-store.ts";
import { ensureStorage } from "../../shared/adapters/azure/ensure-storage.ts";
import { sha256 } from "../../shared/model/canonical.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { startAzurite } from "../contract/azurite.ts";
import { createMemoryBlobStore } from "../fakes/memory-blob-store.ts";

const FIRST = filesOf({ "flow.yaml": "name: shop", "chat.prompty": "system:", "data/q.jsonl": "{}" });

function filesOf(texts: Record<string, string>): Map<string, Uint8Array> {
  return new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
}

/** A store that notes its writes and deletes in order. */
function recording(store: BlobStore): { store: BlobStore; steps: string[] } {
  const steps: string[] = [];
  return {
    steps,
    store: {
      ...store,
      write: (container, name, body, options) => {
        steps.push(`write ${name}`);
        return store.write(container, name, body, options);
      },
      delete: (container, name) => {
        steps.push(`delete ${name}`);
        return store.delete(container, name);
      },
    },
  };
}

async function contents(store: BlobStore): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for await (const { name } of store.list("flows", "shop/")) {
    texts[name] = (await store.read("flows", name))?.body.toString() ?? "";
  }
  return texts;
}

test("a push opens first, sends every file, and closes last with who changed what", async () => {
  const { store, steps } = recording(createMemoryBlobStore());
  const commit = { commit: "abc", author: "Ada", message: "Begin" };
  const pushed = await pushFlow({ store, flow: "shop", files: FIRST, commit });
  expect(steps.at(0)).toBe("write shop/.push.json");
  expect(steps.at(-1)).toBe("write shop/.commit.json");
  expect(pushed).toMatchObject({ uploaded: [...FIRST.keys()], deleted: [], unchanged: 0 });
  const texts = await contents(store);
  expect(texts["shop/data/q.jsonl"]).toBe("{}");
  const hashes = Object.fromEntries([...FIRST].map(([path, body]) => [path, sha256(body)]));
  expect(JSON.parse(texts["shop/.commit.json"] ?? "")).toEqual({
    ...commit,
    pushId: pushed.pushId,
    files: hashes,
  });
  expect(JSON.parse(texts["shop/.push.json"] ?? "")).toMatchObject({ pushId: pushed.pushId, files: hashes });
});

test("an interrupted push stays open and the next one mends it", async () => {
  const store = createMemoryBlobStore();
  await pushFlow({ store, flow: "shop", files: FIRST, commit: {} });
  const before = (await contents(store))["shop/.commit.json"];
  const interruption = new AbortController();
  const many = filesOf(
    Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`data/${index}.jsonl`, `${index}`])),
  );
  const interrupted = pushFlow({
    store,
    flow: "shop",
    files: many,
    commit: {},
    onProgress: ({ done }) => done === 3 && interruption.abort(new Error("Ctrl-C")),
    signal: interruption.signal,
  });
  await expect(interrupted).rejects.toThrow("Ctrl-C");
  const half = await contents(store);
  expect(half["shop/.commit.json"]).toBe(before);
  expect(half["shop/data/39.jsonl"]).toBeUndefined();

  await pushFlow({ store, flow: "shop", files: many, commit: {} });
  const whole = await contents(store);
  expect(whole["shop/flow.yaml"]).toBeUndefined();
  expect(Object.keys(whole)).toHaveLength(many.size + 2);
});

test("a push that another one opened over does not close", async () => {
  const memory = createMemoryBlobStore();
  const store: BlobStore = {
    ...memory,
    write: async (container, name, body, options) => {
      const etag = await memory.write(container, name, body, options);
      if (name === "shop/flow.yaml") await memory.write("flows", "shop/.push.json", '{"pushId": "another"}');
      return etag;
    },
  };
  await expect(pushFlow({ store, flow: "shop", files: FIRST, commit: {} })).rejects.toThrow("Push again");
  expect((await contents(memory))["shop/.commit.json"]).toBeUndefined();
});

test("a failing upload stops the others and leaves the push open", async () => {
  const memory = createMemoryBlobStore();
  const write = vi.fn<BlobStore["write"]>(async (container, name, body) => {
    if (name.includes("/data/")) throw new Error("storage is away");
    return memory.write(container, name, body);
  });
  const many = filesOf(
    Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`data/${index}.jsonl`, `${index}`])),
  );
  await expect(
    pushFlow({ store: { ...memory, write }, flow: "shop", files: many, commit: {} }),
  ).rejects.toThrow("storage is away");
  expect(write.mock.calls.length).toBeLessThanOrEqual(9);
});

test("on real storage only what differs is sent, and what is gone is deleted", async () => {
  await using azurite = await startAzurite();
  await ensureStorage({ connectionString: azurite.connectionString });
  const { store, steps } = recording(createBlobStore({ connectionString: azurite.connectionString }));
  await pushFlow({ store, flow: "shop", files: FIRST, commit: {} });
  await store.write("flows", "shopping/flow.yaml", "another flow, whose name begins the same");
  steps.length = 0;

  const next = filesOf({
    "flow.yaml": "name: shop",
    "chat.prompty": "system: be brief",
    "data/ü %.jsonl": "{}",
  });
  const pushed = await pushFlow({ store, flow: "shop", files: next, commit: {} });
  expect(pushed).toMatchObject({
    uploaded: ["chat.prompty", "data/ü %.jsonl"],
    deleted: ["data/q.jsonl"],
    unchanged: 1,
  });
  expect(steps).not.toContain("write shop/flow.yaml");
  expect(Object.keys(await contents(store)).sort()).toEqual(
    [".commit.json", ".push.json", ...next.keys()].map((path) => `shop/${path}`).sort(),
  );
  expect(await store.read("flows", "shopping/flow.yaml")).toBeDefined();
});
