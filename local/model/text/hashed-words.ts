import { createHash } from "node:crypto";
import { terms } from "./words.ts";

const DIMENSIONS = 512;
const slots = new Map<string, { index: number; sign: number }>();

/**
 * The words of a text as a vector of length 1 (the hashing trick, Weinberger et al. 2009): each term adds 1 or -1 at
 * a place its hash names. All zeros but one where a text has no terms, so that the length holds.
 */
export function hashedWords(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  for (const term of terms(text)) {
    const { index, sign } = slotOf(term);
    vector[index]! += sign;
  }
  const length = Math.hypot(...vector);
  if (length === 0) vector[0] = 1;
  return vector.map((value) => value / (length || 1));
}

function slotOf(term: string): { index: number; sign: number } {
  let slot = slots.get(term);
  if (!slot) {
    const digest = createHash("sha256").update(term).digest();
    slot = { index: digest.readUInt16LE(0) % DIMENSIONS, sign: digest[2]! % 2 === 0 ? 1 : -1 };
    slots.set(term, slot);
  }
  return slot;
}
