import { ConflictError, NotFoundError, PermanentError, RetryLaterError } from "../../shared/errors.ts";
import { isFlowName } from "../../shared/model/flow-name.ts";
import type { CurrentRun } from "../../shared/model/intake.ts";
import type { Candidate, LedgerEntry, LedgerKind, ReleasePointer } from "../../shared/model/release.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import type { ReleaseRequest, ReleaseVerb } from "../../shared/model/status.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { readLedger } from "../../shared/registry/ledger.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { advanceRelease } from "./advance-release.ts";
import { decideRelease } from "./decide-release.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";
import type { CommandEvent } from "./release-event.ts";
import { releaseTime } from "./release-clock.ts";
import { servedBefore } from "./served-before.ts";
import { verifies } from "./verifies.ts";
import { settleIfNeeded, tellRelease } from "./tell-release.ts";
import { writeRelease } from "./write-release.ts";

const ATTEMPTS = 10;
/** How many of the newest entries may hold a request that comes again. */
const REMEMBERED = 50;

/**
 * Does what a person asks for, once for each key, and returns the release as it is then. Throws `ConflictError` with
 * the current release where the caller decided on an older one, or where the state does not allow it.
 */
export async function actOnCommand(
  flow: string,
  verb: ReleaseVerb,
  request: ReleaseRequest,
  dependencies: ReleaseDependencies,
): Promise<ReleasePointer> {
  const { store } = dependencies;
  if (!isFlowName(flow)) throw new NotFoundError("There is no such flow.");
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const current = await readJson<ReleasePointer>(store, "registry", registryPath.release(flow));
    if (!current) throw new NotFoundError(`Flow "${flow}" has no release.`);
    const pointer = current.value;
    await settleIfNeeded(pointer, dependencies);
    if (await wasDone(pointer, verb, request, dependencies)) {
      await tellRelease(flow, dependencies);
      return pointer;
    }
    checkSeen(pointer, verb, request);
    checkGeneration(pointer, verb, request);
    const event = await commandFacts(pointer, verb, request, dependencies);
    const decision = decideRelease(pointer, event, await releaseTime(dependencies));
    if (decision.kind === "hold") return pointer;
    if (decision.kind !== "write") {
      const reason = decision.kind === "refuse" ? decision.reason : "There is nothing to do.";
      throw new ConflictError(reason, { current: pointer });
    }
    const written = await writeRelease(flow, current, decision, { key: request.key }, dependencies);
    if (!written) continue;
    // A person waits, and nobody should be served what was taken back: what follows by itself follows at once.
    if (written.state !== "aborting" && written.state !== "promoting") {
      await tellRelease(flow, dependencies);
      return written;
    }
    await advanceRelease(flow, dependencies);
    return (await readJson<ReleasePointer>(store, "registry", registryPath.release(flow)))?.value ?? written;
  }
  throw new RetryLaterError(`The release of "${flow}" changed ${ATTEMPTS} times while it was being written.`);
}

/** What goes on, or stops, is what the caller saw: its generation, or the step of its rollout. */
function checkSeen(
  pointer: ReleasePointer,
  verb: ReleaseVerb,
  { generation, rolloutId, step }: ReleaseRequest,
): void {
  if (verb !== "pause" && verb !== "resume" && verb !== "approve") return;
  if (generation !== undefined || (rolloutId !== undefined && step !== undefined)) return;
  // A candidate that waits for its first approval is at no step; sent late, that approval is none of a step's.
  if (verb === "approve" && rolloutId !== undefined && !pointer.canary) return;
  throw new PermanentError(
    `To ${verb}, say what you saw: \`generation\`, or \`rolloutId\` and \`step\`, as GET /api/flows/{flow} has them.`,
  );
}

/** An abort needs only its rollout: it must win against whatever came in between. */
function checkGeneration(
  pointer: ReleasePointer,
  verb: ReleaseVerb,
  { generation, rolloutId }: ReleaseRequest,
): void {
  if (generation === undefined || generation === pointer.generation) return;
  // Whatever came in between, nobody is to be answered.
  if (verb === "stop") return;
  if (verb === "abort" && rolloutId !== undefined) return;
  throw new ConflictError(
    `The release changed since you looked: it is at generation ${pointer.generation}, you saw ${generation}.`,
    { current: pointer },
  );
}

/**
 * Whether the same request was acted on before and its reply was lost. Throws `ConflictError` where the key was that of
 * another one: to take an abort for done because a pause had its key would leave what is to be taken back.
 */
async function wasDone(
  pointer: ReleasePointer,
  verb: ReleaseVerb,
  { key }: ReleaseRequest,
  { store }: ReleaseDependencies,
): Promise<boolean> {
  if (key === undefined) return false;
  const { flow, generation } = pointer;
  // Whatever was seen: who looks again before they ask again saw what came of it, and asks for the same all the same.
  const before = Array.from({ length: Math.min(REMEMBERED, generation - 1) }, (_, index) =>
    readJson<LedgerEntry>(store, "registry", registryPath.ledgerEntry(flow, generation - 1 - index)),
  );
  const entries = [pointer.entry, ...(await Promise.all(before)).map((read) => read?.value)];
  const entry = entries.find((one) => one?.key === key);
  if (entry === undefined) return false;
  if (WRITES[verb].includes(entry.kind)) return true;
  throw new ConflictError(
    `The key "${key}" was that of another request (${entry.kind}): send each with a key of its own.`,
    { current: pointer },
  );
}

/** What is written of a command at once. */
const WRITES: Record<ReleaseVerb, readonly LedgerKind[]> = {
  approve: ["resumed", "canary_started", "promoted", "blocked"],
  pause: ["paused"],
  resume: ["resumed"],
  abort: ["aborting", "rejected"],
  rollback: ["aborting", "rolled_back"],
  promote: ["promoting", "promoted"],
  stop: ["stopped"],
  serve: ["served_again"],
};

async function commandFacts(
  pointer: ReleasePointer,
  verb: ReleaseVerb,
  { actor, reason, rolloutId, step, version }: ReleaseRequest,
  { store }: ReleaseDependencies,
): Promise<CommandEvent> {
  const { flow, rollout, stable, previous } = pointer;
  const check = async (wanted: string | undefined): Promise<boolean> =>
    wanted !== undefined && verifies(store, flow, wanted);
  const forced = verb === "promote" && !rollout ? await candidateOf(flow, version, store) : undefined;
  const target = verb === "rollback" ? previous : undefined;
  const decides = verb === "promote" || verb === "approve";
  return {
    kind: "command",
    verb,
    actor,
    reason,
    rolloutId,
    step,
    version,
    verifies: decides && (await check((rollout?.candidate ?? forced)?.version)),
    stableVerifies: verb === "approve" && (await check(stable?.version)),
    forced,
    target,
    beforeTarget: target && (await servedBefore(store, flow, target)),
    targetVerifies: await check(target?.version),
  };
}

/** What was evaluated of a version, from the ledger; without a version, that of the latest change. */
async function candidateOf(
  flow: string,
  version: string | undefined,
  store: ReleaseDependencies["store"],
): Promise<Candidate | undefined> {
  const source = { container: "flows", flow } as const;
  const current = await readJson<CurrentRun>(store, "registry", registryPath.currentRun(source));
  const plan =
    current &&
    (await readJson<RunPlan>(store, "registry", registryPath.plan(flow, current.value.run)))?.value;
  if (plan && (version === undefined || plan.version === version)) {
    return { version: plan.version, suite: plan.suite, run: plan.id, commit: plan.commit };
  }
  // An entry about nothing but that it serves names no run.
  for (const { version: found, suite, run, commit } of (await readLedger(store, flow)).reverse()) {
    if (found === version && suite !== undefined && run !== undefined) return { version, suite, run, commit };
  }
  return undefined;
}
