import { atMost } from "../../shared/at-most.ts";
import { messageOf, RetryLaterError } from "../../shared/errors.ts";
import type { LedgerEntry, ReleasePointer } from "../../shared/model/release.ts";
import { readJson, replaceJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { publishRelease, recordRelease } from "./announce-release.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";
import { settleEntry } from "./write-release.ts";

/** How far a flow's ledger has been told of. */
interface Announced {
  /** The last entry whose event is known to be out. */
  sequence: number;
  /** The last one that is settled and that telemetry has; undefined: the same. */
  counted?: number;
}

/** Longer than this nobody waits for the topic: what is not out is told with the next look. */
const PATIENCE_MS = 5_000;
/** After a time without a topic there may be many. */
const MOST_AT_ONCE = 50;

/**
 * Tells of every ledger entry that nobody was told of, oldest first. Comes after what is to be done, and never fails for
 * a topic that is down: a way back must not wait for subscribers to hear of it. Returns why not all is told, or
 * undefined. What is told late carries the release as it is by then.
 */
export async function tellRelease(
  flow: string,
  dependencies: ReleaseDependencies,
): Promise<string | undefined> {
  const { store } = dependencies;
  const [current, known] = await Promise.all([
    readJson<ReleasePointer>(store, "registry", registryPath.release(flow)),
    readJson<Announced>(store, "registry", registryPath.announced(flow)),
  ]);
  const pointer = current?.value;
  const last = pointer?.entry.sequence ?? 0;
  const before = known?.value.sequence ?? last - 1;
  if (!pointer || before >= last) return undefined;
  await settleEntry(store, pointer.entry);
  const at = async (sequence: number): Promise<ReleasePointer | undefined> => {
    if (sequence === last) return pointer;
    const name = registryPath.ledgerEntry(flow, sequence);
    const entry = (await readJson<LedgerEntry>(store, "registry", name))?.value;
    return entry && { ...pointer, entry };
  };

  for (let sequence = (known?.value.counted ?? before) + 1; sequence <= last; sequence++) {
    const counted = await at(sequence);
    if (counted) recordRelease(counted, dependencies);
  }
  let told = before;
  let failure: string | undefined;
  while (told < last && failure === undefined) {
    const next = await at(told + 1);
    failure = told - before < MOST_AT_ONCE ? await publish(next, dependencies) : "There are many.";
    if (failure === undefined) told++;
  }
  const announced: Announced = { sequence: told, counted: last };
  // Guarded: who told more meanwhile is not to be set back, or all of it would be told again.
  await replaceJson(store, "registry", registryPath.announced(flow), announced, known?.etag);
  return failure && `${last - told} events are not out yet: ${failure}`;
}

/** Makes good for a writer that died after the pointer: whoever reads a pointer to act on it does this first. */
export async function settleIfNeeded(
  { flow, entry }: ReleasePointer,
  { store }: Pick<ReleaseDependencies, "store">,
): Promise<void> {
  const known = (await readJson<Announced>(store, "registry", registryPath.announced(flow)))?.value;
  if ((known?.counted ?? known?.sequence ?? 0) < entry.sequence) await settleEntry(store, entry);
}

async function publish(
  pointer: ReleasePointer | undefined,
  dependencies: ReleaseDependencies,
): Promise<string | undefined> {
  if (!pointer) return undefined;
  try {
    if (await atMost(publishRelease(pointer, dependencies), PATIENCE_MS)) return undefined;
    throw new RetryLaterError("The topic does not answer.");
  } catch (error) {
    return messageOf(error);
  }
}
