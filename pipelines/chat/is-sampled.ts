import { sha256 } from "../../shared/model/canonical.ts";

/**
 * Whether a turn is of the share that is sampled, to be scored or to be answered by another version too. By hashes of
 * its name, each of its own kind: the two shares are independent, and who is asked twice says the same.
 */
export function isSampled(name: string, share: number, what: "sample" | "shadow" = "sample"): boolean {
  return Number.parseInt(sha256(`turn-${what}\n${name}`).slice(0, 8), 16) / 2 ** 32 < share;
}
