import { contentHash } from "../model/canonical.ts";
import type { CallContext, EmbeddingModel } from "../ports/chat-model.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { cachePath } from "./paths.ts";

/**
 * The vectors of some texts under the model's name, embedded once for the same content and kept as a blob: a
 * little-endian uint32 with the dimension, then the vectors one after another as float32.
 */
export async function knowledgeVectors(
  store: BlobStore,
  model: EmbeddingModel,
  flow: string,
  texts: string[],
  context: CallContext,
): Promise<Float32Array[]> {
  if (texts.length === 0) return [];
  const name = cachePath.vectors(flow, contentHash({ model: model.name, texts }));
  const stored = await store.read("cache", name);
  if (stored) return unpack(stored.body);
  const vectors = await model.embed(texts, context);
  await store.create("cache", name, pack(vectors));
  return vectors;
}

function pack(vectors: Float32Array[]): Uint8Array {
  const dimension = vectors[0]?.length ?? 0;
  const bytes = Buffer.alloc(4 + vectors.length * dimension * 4);
  bytes.writeUInt32LE(dimension, 0);
  vectors.forEach((vector, row) => {
    for (const [column, value] of vector.entries())
      bytes.writeFloatLE(value, 4 + (row * dimension + column) * 4);
  });
  return bytes;
}

function unpack(bytes: Buffer): Float32Array[] {
  const dimension = bytes.readUInt32LE(0);
  // A copy, because a Float32Array must start at a multiple of four and a pooled Buffer need not.
  const values = new Float32Array(new Uint8Array(bytes.subarray(4)).buffer);
  const rows = dimension === 0 ? 0 : values.length / dimension;
  return Array.from({ length: rows }, (_, row) => values.subarray(row * dimension, (row + 1) * dimension));
}
