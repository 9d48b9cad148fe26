import { RetryLaterError } from "../../shared/errors.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";

/** What a `Last-Modified` cannot tell: it has whole seconds. */
const RESOLUTION_MS = 1_500;

/**
 * The time of the storage service, which every process shares, whatever its own clock says: ISO 8601. Where the two
 * agree, this machine's clock supplies the milliseconds.
 */
export async function releaseTime({
  store,
  clock,
}: Pick<ReleaseDependencies, "store" | "clock">): Promise<string> {
  await store.write("registry", registryPath.clock, "{}\n");
  const blob = await store.read("registry", registryPath.clock);
  if (!blob) throw new RetryLaterError("Storage does not tell the time.");
  const ours = clock.now();
  const apart = Math.abs(ours.getTime() - blob.lastModified.getTime());
  return (apart < RESOLUTION_MS ? ours : blob.lastModified).toISOString();
}
