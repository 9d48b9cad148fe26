import { expect, test } from "vitest";
import { PermanentError, ServiceDeniedError } from "../../../shared/errors.ts";
import type { EmbeddingModel } from "../../../shared/ports/chat-model.ts";
import { knowledgeVectors, type VectorStore } from "../../../shared/registry/knowledge-vectors.ts";
import { packVectors, unpackVectors } from "../../../shared/registry/pack-vectors.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";

const CALL = { flow: "shop", version: "v", purpose: "step" } as const;

/** A model whose vectors hold the text's length, and that remembers what it was asked. */
function model(name = "m"): EmbeddingModel & { asked: string[][] } {
  const asked: string[][] = [];
  return {
    name,
    asked,
    embed: async (texts) => {
      asked.push(texts);
      return texts.map((text) => Float32Array.from([text.length, 0.5, -1]));
    },
  };
}

const lengths = (vectors: Float32Array[]): (number | undefined)[] => vectors.map(([first]) => first);

test("the same texts are embedded once, and kept beside the versions, not in the cache", async () => {
  const store = createMemoryBlobStore();
  const embedding = model();
  const texts = ["a", "bb", "a"];
  const first = await knowledgeVectors(store, embedding, "shop", texts, CALL);
  for await (const { name } of store.list("cache", "")) await store.delete("cache", name);
  const second = await knowledgeVectors(store, embedding, "shop", texts, CALL);
  expect(lengths(first)).toEqual([1, 2, 1]);
  expect(second).toEqual(first);
  expect(embedding.asked).toEqual([["a", "bb"]]);
});

test("a change of some texts embeds those alone", async () => {
  const store = createMemoryBlobStore();
  const embedding = model();
  await knowledgeVectors(store, embedding, "shop", ["a", "bb"], CALL);
  await knowledgeVectors(store, embedding, "shop", ["other"], CALL);
  const changed = await knowledgeVectors(store, embedding, "shop", ["ccc", "bb", "other"], CALL);
  expect(lengths(changed)).toEqual([3, 2, 5]);
  expect(embedding.asked.at(-1)).toEqual(["ccc"]);
  await knowledgeVectors(store, embedding, "shop", ["bb", "a"], CALL);
  expect(embedding.asked).toHaveLength(3);
});

test("vectors of another model or another flow are not taken", async () => {
  const store = createMemoryBlobStore();
  await knowledgeVectors(store, model(), "shop", ["a"], CALL);
  const other = model("other");
  await knowledgeVectors(store, other, "shop", ["a"], CALL);
  await knowledgeVectors(store, other, "desk", ["a"], CALL);
  expect(other.asked).toEqual([["a"], ["a"]]);
});

test("a model that answers fewer vectors than texts leaves nothing behind", async () => {
  const store = createMemoryBlobStore();
  const short: EmbeddingModel = { name: "m", embed: async () => [] };
  expect(await knowledgeVectors(store, short, "shop", ["a"], CALL)).toEqual([]);
  const embedding = model();
  expect(await knowledgeVectors(store, embedding, "shop", ["a"], CALL)).toHaveLength(1);
});

test("a blob of vectors that is not whole is none", () => {
  const bytes = Buffer.from(packVectors({ hashes: ["00".repeat(16)], vectors: [Float32Array.from([1, 2])] }));
  expect(unpackVectors(bytes)?.vectors).toEqual([Float32Array.from([1, 2])]);
  expect(unpackVectors(bytes.subarray(0, -1))).toBeUndefined();
  expect(unpackVectors(Buffer.alloc(3))).toBeUndefined();
});

test("who may neither look into the cache nor keep vectors, as a chat app of its own, embeds for itself", async () => {
  const registry = createMemoryBlobStore();
  await knowledgeVectors(registry, model("old"), "shop", ["a", "bb"], CALL);
  const denied = async (): Promise<never> => {
    throw new ServiceDeniedError("AuthorizationPermissionMismatch");
  };
  const chat: VectorStore = {
    read: (container, name) => (container === "cache" ? denied() : registry.read(container, name)),
    create: denied,
    write: denied,
  };
  const embedding = model("new");
  expect(lengths(await knowledgeVectors(chat, embedding, "shop", ["a", "bb"], CALL))).toEqual([1, 2]);
  expect(embedding.asked).toEqual([["a", "bb"]]);
  // What was kept is taken, also by who may not write.
  expect(lengths(await knowledgeVectors(chat, model("old"), "shop", ["a", "bb"], CALL))).toEqual([1, 2]);
});

test("a store that fails in another way is no reason to embed", async () => {
  const store: VectorStore = {
    ...createMemoryBlobStore(),
    create: async () => {
      throw new PermanentError("the disk is full");
    },
  };
  await expect(knowledgeVectors(store, model(), "shop", ["a"], CALL)).rejects.toThrow("the disk is full");
});
