import type { FlowFiles, LargeFile } from "../model/flow.ts";

const MOST_HELD_BYTES = 1024 * 1024;

/** Whether a file is read piece by piece and not held: records of more than a megabyte, as a large dataset is. */
export function isLarge(path: string, bytes: number): boolean {
  return bytes > MOST_HELD_BYTES && /\.(jsonl|ndjson|json|csv)$/i.test(path);
}

/** Files of which some are held and others read piece by piece, as one folder in the order of their paths. */
export function filesWithLarge(
  held: ReadonlyMap<string, Uint8Array>,
  large: ReadonlyMap<string, LargeFile>,
): FlowFiles {
  if (large.size === 0) return held;
  const names = [...held.keys(), ...large.keys()].sort();
  const get = (name: string): Uint8Array | undefined => {
    const file = large.get(name);
    return file ? Buffer.concat([...file.pieces()]) : held.get(name);
  };
  function* entries(): MapIterator<[string, Uint8Array]> {
    for (const name of names) yield [name, get(name) ?? new Uint8Array()];
    return undefined;
  }
  function* values(): MapIterator<Uint8Array> {
    for (const [, bytes] of entries()) yield bytes;
    return undefined;
  }
  return {
    get,
    large: (name) => large.get(name),
    has: (name) => large.has(name) || held.has(name),
    keys: () => names.values(),
    entries,
    values,
    forEach(visit) {
      for (const [name, bytes] of entries()) visit(bytes, name, this);
    },
    size: names.length,
    [Symbol.iterator]: entries,
  };
}
