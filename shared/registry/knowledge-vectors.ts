import { ServiceDeniedError } from "../errors.ts";
import { contentHash } from "../model/canonical.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { CallContext, EmbeddingModel } from "../ports/chat-model.ts";
import { packVectors, textHash, unpackVectors, type VectorBlob } from "./pack-vectors.ts";
import { cachePath, registryPath } from "./paths.ts";

/** What keeping vectors asks of a blob store. One that cannot overwrite keeps no list of the sets made last. */
export type VectorStore = Pick<BlobStore, "read" | "create"> & Partial<Pick<BlobStore, "write">>;

/** How many of the sets made last are looked through for texts that are known already. */
const RECENT = 8;

/**
 * The vectors of some texts under the model's name. They are kept beside the versions by content, so that a version
 * once made never needs the embedding model again for its knowledge; of texts never seen together, only those that no
 * recent set of the flow holds are embedded. A process that may not look there or keep them (a chat app of its own, whose
 * embedding model changed) embeds for itself.
 */
export async function knowledgeVectors(
  store: VectorStore,
  model: EmbeddingModel,
  flow: string,
  texts: string[],
  context: CallContext,
): Promise<Float32Array[]> {
  if (texts.length === 0) return [];
  const key = contentHash({ model: model.name, texts });
  const stored = await readSet(store, flow, key);
  if (stored) return stored.vectors;

  const hashes = texts.map(textHash);
  const recent = await unlessDenied(recentSets(store, flow, model.name), []);
  const known = await knownVectors(store, flow, recent, new Set(hashes));
  const missing = [...new Map(texts.map((text, row) => [hashes[row] ?? "", text]))].filter(
    ([hash]) => !known.has(hash),
  );
  const embedded =
    missing.length === 0
      ? []
      : await model.embed(
          missing.map(([, text]) => text),
          context,
        );
  for (const [row, [hash]] of missing.entries()) {
    const vector = embedded[row];
    if (vector !== undefined) known.set(hash, vector);
  }
  const vectors = hashes.map((hash) => known.get(hash)).filter((vector) => vector !== undefined);
  // Fewer than texts only where the model answered fewer; whoever loads the version refuses them.
  if (vectors.length !== texts.length) return vectors;
  await unlessDenied(keep(store, flow, model.name, { key, recent, set: { hashes, vectors } }), undefined);
  return vectors;
}

async function keep(
  store: VectorStore,
  flow: string,
  model: string,
  { key, recent, set }: { key: string; recent: readonly string[]; set: VectorBlob },
): Promise<void> {
  await store.create("registry", registryPath.vectors(flow, key), packVectors(set));
  await store.write?.(
    "cache",
    cachePath.recentVectors(flow, contentHash(model)),
    JSON.stringify([key, ...recent.filter((other) => other !== key)].slice(0, RECENT)),
  );
}

async function unlessDenied<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ServiceDeniedError) return otherwise;
    throw error;
  }
}

async function readSet(store: VectorStore, flow: string, key: string): Promise<VectorBlob | undefined> {
  const blob = await store.read("registry", registryPath.vectors(flow, key));
  return blob && unpackVectors(blob.body);
}

/** The keys of the flow's sets made last, newest first. Two writers may lose one: that costs an embedding, no more. */
async function recentSets(store: VectorStore, flow: string, model: string): Promise<string[]> {
  const blob = await store.read("cache", cachePath.recentVectors(flow, contentHash(model)));
  return blob ? (JSON.parse(blob.body.toString("utf8")) as string[]) : [];
}

/** The vectors of those texts that the sets hold, by hash. */
async function knownVectors(
  store: VectorStore,
  flow: string,
  sets: readonly string[],
  wanted: ReadonlySet<string>,
): Promise<Map<string, Float32Array>> {
  const known = new Map<string, Float32Array>();
  for (const key of sets) {
    if (known.size === wanted.size) break;
    const set = await readSet(store, flow, key);
    for (const [row, hash] of (set?.hashes ?? []).entries()) {
      const vector = set?.vectors[row];
      if (vector !== undefined && wanted.has(hash) && !known.has(hash)) known.set(hash, vector);
    }
  }
  return known;
}
