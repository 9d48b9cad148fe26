import { sha256 } from "../../shared/model/canonical.ts";

/** Whether a turn is of the share that is sampled. By a hash of its own kind of its name, so that replays agree. */
export function isSampled(turn: string, share: number): boolean {
  return Number.parseInt(sha256(`turn-sample\n${turn}`).slice(0, 8), 16) / 2 ** 32 < share;
}
