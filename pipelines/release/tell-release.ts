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
  /** Since when somebody tells of what comes after, by their clock; ISO 8601. */
  telling?: string;
}

/** Longer than this nobody waits for the topic: what is not out is told with the next look. */
const PATIENCE_MS = 5_000;
/** Who tells for longer is taken for dead; who only was slow has their events told twice, with the same ids. */
const TELLING_MS = 15_000;
const BY_ANOTHER = "Another process is telling of it.";
/** After a time without a topic there may be many. */
const MOST_AT_ONCE = 50;

/**
 * Tells of every ledger entry that nobody was told of, oldest first. Comes after what is to be done, and never fails for
 * a topic that is down: a way back must not wait for subscribers to hear of it. Of processes that come at once one
 * tells. Returns why not all is told, or undefined. What is told late carries the release as it is by then.
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
  const etag = await claim(flow, known ?? { value: { sequence: before }, etag: undefined }, dependencies);
  if (etag === undefined) return BY_ANOTHER;
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
  const isMine = await replaceJson(store, "registry", registryPath.announced(flow), announced, etag);
  if (failure !== undefined) return `${last - told} events are not out yet: ${failure}`;
  // Whoever wrote meanwhile has left it to this one.
  return isMine ? tellRelease(flow, dependencies) : BY_ANOTHER;
}

/** Takes it on to tell of what is not told: the ETag of the claim, or undefined where somebody else has taken it on. */
async function claim(
  flow: string,
  known: { value: Announced; etag: string | undefined },
  { store, clock }: ReleaseDependencies,
): Promise<string | undefined> {
  const now = clock.now();
  const since = now.getTime() - Date.parse(known.value.telling ?? "");
  // A claim of the future is that of a clock that goes wrong: it must not keep what is to be told for as long.
  if (since >= 0 && since < TELLING_MS) return undefined;
  const name = registryPath.announced(flow);
  const claimed: Announced = { ...known.value, telling: now.toISOString() };
  if (!(await replaceJson(store, "registry", name, claimed, known.etag))) return undefined;
  return (await store.read("registry", name))?.etag;
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
