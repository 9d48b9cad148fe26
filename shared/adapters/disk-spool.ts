import { randomUUID } from "node:crypto";
import { closeSync, openSync, unlinkSync, write } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Spool } from "../ports/spool.ts";
import { readPieces } from "./read-pieces.ts";

/**
 * Keeps files in the folder for temporary ones, readable by this user alone. They have no name any more when they are
 * read, so that nothing is left of them whatever ends the process.
 */
export function createDiskSpool(folder = tmpdir()): Spool {
  return {
    async keep(pieces) {
      const name = path.join(folder, `flowgate-${randomUUID()}`);
      const file = openSync(name, "wx+", 0o600);
      let bytes = 0;
      try {
        unlinkSync(name);
        for await (const piece of pieces) {
          await writeWhole(file, piece);
          bytes += piece.length;
        }
      } catch (error) {
        closeSync(file);
        throw error;
      }
      return {
        bytes,
        pieces: () => readPieces(file, bytes),
        [Symbol.dispose]: () => closeSync(file),
      };
    },
  };
}

const writeSome = promisify(write);

async function writeWhole(file: number, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length;) {
    const { bytesWritten } = await writeSome(file, piece, at, piece.length - at);
    at += bytesWritten;
  }
}
