import { readSync } from "node:fs";

const PIECE_BYTES = 256 * 1024;

/** An open file from its start to `bytes`, or to its end where that comes first, each piece in a buffer of its own. */
export function* readPieces(file: number, bytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes;) {
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, bytes - at));
    const read = readSync(file, piece, 0, piece.length, at);
    if (read === 0) return;
    yield piece.subarray(0, read);
    at += read;
  }
}
