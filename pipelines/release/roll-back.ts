import { ConflictError, NotFoundError } from "../../shared/errors.ts";
import { isFlowName } from "../../shared/model/flow-name.ts";
import type { LedgerEntry, ReleasePointer, ServedVersion } from "../../shared/model/release.ts";
import type { RollbackRequest } from "../../shared/model/status.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { readLedger } from "../../shared/registry/ledger.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { decideRelease } from "./decide-release.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";
import { verifies } from "./verifies.ts";
import { writeRelease } from "./write-release.ts";

/**
 * Puts the previous version back into production at once. Throws `ConflictError` where the caller decided on an older
 * state, where somebody else was faster, or where there is nothing to go back to.
 */
export async function rollBack(
  flow: string,
  { generation, reason, actor }: RollbackRequest,
  dependencies: ReleaseDependencies,
): Promise<ReleasePointer> {
  const { store } = dependencies;
  if (!isFlowName(flow)) throw new NotFoundError("There is no such flow.");
  const current = await readJson<ReleasePointer>(store, "registry", registryPath.release(flow));
  if (!current) throw new NotFoundError(`Flow "${flow}" has no release.`);
  const pointer = current.value;
  if (generation !== undefined && generation !== pointer.generation) {
    throw new ConflictError(
      `The release changed since you looked: it is at generation ${pointer.generation}, you saw ${generation}.`,
    );
  }
  const target = pointer.previous;
  const decision = decideRelease(pointer, {
    kind: "rollback",
    target: target && { ...target, since: dependencies.clock.now().toISOString() },
    beforeTarget: target && (await servedBefore(flow, target, dependencies)),
    verifies: target !== undefined && (await verifies(store, flow, target.version)),
    reason,
    actor,
  });
  if (decision.kind !== "write") throw new ConflictError(decision.reason);
  const written = await writeRelease(flow, current, decision, undefined, dependencies);
  if (!written) throw new ConflictError("Somebody else changed the release at the same moment. Look again.");
  return written;
}

/** The version that the target had replaced when its run promoted it, so that a second rollback goes one further. */
async function servedBefore(
  flow: string,
  target: ServedVersion,
  { store }: ReleaseDependencies,
): Promise<ServedVersion | undefined> {
  const promotions = (await readLedger(store, flow)).filter((entry) => entry.kind === "promoted");
  const promotion =
    promotions.findLast((entry) => entry.version === target.version && entry.run === target.run) ??
    promotions.findLast((entry) => entry.version === target.version);
  const before = promotions.findLast(
    (entry) => entry.version === promotion?.from && entry.sequence < (promotion?.sequence ?? 0),
  );
  return before && servedVersion(before);
}

function servedVersion(entry: LedgerEntry): ServedVersion | undefined {
  if (entry.suite === undefined || entry.run === undefined) return undefined;
  return { version: entry.version, suite: entry.suite, run: entry.run, since: entry.at };
}
