import { closeSync, openSync } from "node:fs";
import type { LargeFile } from "../model/flow.ts";
import { readPieces } from "./read-pieces.ts";

/** A file of a folder that is read piece by piece. */
export function diskFile(path: string, bytes: number): LargeFile {
  return {
    bytes,
    *pieces() {
      const file = openSync(path, "r");
      try {
        yield* readPieces(file, bytes);
      } finally {
        closeSync(file);
      }
    },
  };
}
