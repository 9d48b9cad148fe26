import type { Spool } from "../../shared/ports/spool.ts";

const PIECE_BYTES = 256 * 1024;

export interface MemorySpool extends Spool {
  /** Files kept so far, and those not disposed of. */
  kept(): number;
  open(): number;
}

/** A spool in memory, held to the contract of `tests/contract/spool.test.ts`. */
export function createMemorySpool(): MemorySpool {
  let kept = 0;
  let open = 0;
  return {
    kept: () => kept,
    open: () => open,
    async keep(pieces) {
      const parts: Uint8Array[] = [];
      for await (const piece of pieces) parts.push(Buffer.from(piece));
      const whole = Buffer.concat(parts);
      kept += 1;
      open += 1;
      return {
        bytes: whole.length,
        *pieces() {
          for (let at = 0; at < whole.length; at += PIECE_BYTES) yield whole.subarray(at, at + PIECE_BYTES);
        },
        [Symbol.dispose]: () => void (open -= 1),
      };
    },
  };
}
