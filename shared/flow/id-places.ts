import { sha256 } from "../model/canonical.ts";

/** Longer ids are held by their hash. */
const LONGEST_HELD = 64;
/** More lines than a file of 32 MB can have. */
const LINES = 2 ** 26;

/** Which ids were taken, and where; what an id and its place take is held of each. */
export interface IdPlaces {
  /** Where the id was taken before, as `file:line`; undefined where it was free, and is taken now. */
  take(id: string, file: string, line: number): string | undefined;
}

export function createIdPlaces(): IdPlaces {
  const files: string[] = [];
  const places = new Map<string, number>();
  return {
    take(id, file, line) {
      const key = id.length > LONGEST_HELD ? sha256(id) : id;
      const place = places.get(key);
      if (place !== undefined) return `${files[Math.floor(place / LINES)] ?? ""}:${place % LINES}`;
      if (files.at(-1) !== file) files.push(file);
      places.set(key, (files.length - 1) * LINES + line);
      return undefined;
    },
  };
}
