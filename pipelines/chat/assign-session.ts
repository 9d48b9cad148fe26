import { hash } from "node:crypto";

/**
 * Where a session falls, from 0 to below 1: the first four bytes of SHA-256 of session and seed. The canary answers
 * where that is below its weight, so a session keeps its version, and raising the weight only adds sessions. Every
 * rollout has a seed of its own: who was a canary before is no likelier to be one again.
 */
export function bucketOfSession(session: string, seed: string): number {
  return hash("sha256", `${session}\n${seed}`, "buffer").readUInt32LE(0) / 2 ** 32;
}
