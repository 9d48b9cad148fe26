import { sha256 } from "../model/canonical.ts";

const HEADER = 8;
const HASH = 16;

/** Vectors of texts, in the order of the texts. */
export interface VectorBlob {
  /** The start of each text's SHA-256. */
  hashes: string[];
  vectors: Float32Array[];
}

/** What a text is known by in a blob of vectors: the first 16 bytes of its SHA-256, in hex. */
export function textHash(text: string): string {
  return sha256(text).slice(0, HASH * 2);
}

/**
 * As a blob: two little-endian uint32, the dimension and the number of texts; a hash of 16 bytes for each text; the
 * vectors one after another as float32, little-endian.
 */
export function packVectors({ hashes, vectors }: VectorBlob): Uint8Array {
  const dimension = vectors[0]?.length ?? 0;
  const start = HEADER + hashes.length * HASH;
  const bytes = Buffer.alloc(start + vectors.length * dimension * 4);
  bytes.writeUInt32LE(dimension, 0);
  bytes.writeUInt32LE(hashes.length, 4);
  hashes.forEach((hash, row) => bytes.write(hash, HEADER + row * HASH, "hex"));
  vectors.forEach((vector, row) => {
    for (const [column, value] of vector.entries()) {
      bytes.writeFloatLE(value, start + (row * dimension + column) * 4);
    }
  });
  return bytes;
}

/** The reverse of `packVectors`; undefined for a blob that is not whole. */
export function unpackVectors(bytes: Buffer): VectorBlob | undefined {
  if (bytes.length < HEADER) return undefined;
  const dimension = bytes.readUInt32LE(0);
  const rows = bytes.readUInt32LE(4);
  const start = HEADER + rows * HASH;
  if (bytes.length !== start + rows * dimension * 4) return undefined;
  const hashes = Array.from({ length: rows }, (_, row) =>
    bytes.toString("hex", HEADER + row * HASH, HEADER + (row + 1) * HASH),
  );
  // A copy, because a Float32Array must start at a multiple of four and a pooled Buffer need not.
  const values = new Float32Array(new Uint8Array(bytes.subarray(start)).buffer);
  return {
    hashes,
    vectors: Array.from({ length: rows }, (_, row) =>
      values.subarray(row * dimension, (row + 1) * dimension),
    ),
  };
}
