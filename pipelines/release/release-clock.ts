import { RetryLaterError } from "../../shared/errors.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";

/** A `Last-Modified` has whole seconds, and clocks that are kept in time are a little apart. */
const TOLERANCE_MS = 1_500;

/**
 * The time of the storage service, which every process shares, whatever its own clock says: ISO 8601. Where the two
 * agree, this machine's clock supplies the milliseconds.
 */
export async function releaseTime({
  store,
  clock,
}: Pick<ReleaseDependencies, "store" | "clock">): Promise<string> {
  const before = clock.now().getTime();
  await store.write("registry", registryPath.clock, "{}\n");
  const after = clock.now().getTime();
  const blob = await store.read("registry", registryPath.clock);
  if (!blob) throw new RetryLaterError("Storage does not tell the time.");
  const theirs = blob.lastModified.getTime();
  const agree = theirs > before - TOLERANCE_MS && theirs < after + TOLERANCE_MS;
  return new Date(agree ? clock.now() : theirs).toISOString();
}
