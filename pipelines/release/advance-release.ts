import { RetryLaterError } from "../../shared/errors.ts";
import type { CurrentRun } from "../../shared/model/intake.ts";
import type { Candidate, ReleasePointer } from "../../shared/model/release.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { decideRelease } from "./decide-release.ts";
import { handleVerdict } from "./handle-verdict.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";
import type { TickEvent } from "./release-event.ts";
import { recertify } from "./recertify.ts";
import { releaseTime } from "./release-clock.ts";
import { newestVerified, servedBefore } from "./served-before.ts";
import { verifies } from "./verifies.ts";
import { settleIfNeeded, tellRelease } from "./tell-release.ts";
import { writeRelease } from "./write-release.ts";

const ATTEMPTS = 10;
/** By then the way back is written, without which what serves then is not judged. */
const WRITTEN_AFTER_SECONDS = 10;

/**
 * Lets time work on one flow's release: at most one step, but a way back that was begun is gone to its end; then tells
 * of it. Called by a timer and by messages, any number of times. Returns why not all is told, or undefined.
 */
export async function advanceRelease(
  flow: string,
  dependencies: ReleaseDependencies,
): Promise<string | undefined> {
  await advance(flow, dependencies);
  return tellRelease(flow, dependencies);
}

async function advance(flow: string, dependencies: ReleaseDependencies): Promise<void> {
  const { store } = dependencies;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const current = await readJson<ReleasePointer>(store, "registry", registryPath.release(flow));
    if (!current) return;
    const pointer = current.value;
    await settleIfNeeded(pointer, dependencies);
    if (!pointer.rollout && !pointer.pending) return;
    const now = await releaseTime(dependencies);
    const decision = decideRelease(pointer, await tickFacts(pointer, now, dependencies), now);
    if (decision.kind === "start") return handleVerdict({ flow, run: decision.run }, dependencies);
    if (decision.kind !== "write") return;
    const { entry, next } = decision;
    const { stable } = next;
    const challenger = entry.kind === "rolled_back" ? pointer.rollout?.candidate : undefined;
    const askAnew = async (delaySeconds?: number): Promise<void> => {
      if (stable && challenger) await recertify(flow, stable, challenger, dependencies, delaySeconds);
    };
    // Before the write: a process that dies after it would leave nobody to ask. What cannot be asked holds up no way back.
    const asked = await askAnew(WRITTEN_AFTER_SECONDS).then(
      () => true,
      () => false,
    );
    const written = await writeRelease(flow, current, decision, {}, dependencies);
    if (written && !asked) await askAnew();
    if (written && written.state !== "aborting") return;
  }
  throw new RetryLaterError(`The release of "${flow}" changed ${ATTEMPTS} times while it was being written.`);
}

/** Only what the state asks for is looked up. */
async function tickFacts(
  pointer: ReleasePointer,
  now: string,
  { store, readEvidence }: ReleaseDependencies,
): Promise<TickEvent> {
  const { flow, state, rollout, stable } = pointer;
  const check = async (version: string | undefined): Promise<boolean> =>
    version !== undefined && verifies(store, flow, version);
  const goesBack = state === "aborting" || (state === "blocked" && rollout?.target !== undefined);
  const targetVerifies = goesBack && (await check(rollout?.target?.version));
  const fallback =
    goesBack && !targetVerifies && rollout
      ? await newestVerified(store, flow, rollout.candidate.version)
      : undefined;
  const target = targetVerifies ? rollout?.target : fallback;
  const watches = pointer.canary !== undefined || state === "soaking";
  return {
    kind: "tick",
    evidence: watches && !goesBack ? await readEvidence(pointer, now) : undefined,
    verifies: state === "promoting" && (await check(rollout?.candidate.version)),
    stableVerifies: state === "blocked" && (await check(stable?.version)),
    targetVerifies,
    fallback,
    beforeTarget: target && (await servedBefore(store, flow, target)),
    pushedAgain: await pushedAgain(pointer, store),
  };
}

/**
 * What serves, where its content was pushed since the candidate's: planning has nothing to evaluate then, and only says
 * that its run is the newest change's.
 */
async function pushedAgain(
  { flow, state, stable }: ReleasePointer,
  store: ReleaseDependencies["store"],
): Promise<Candidate | undefined> {
  const waits = state === "canary" || state === "paused" || state === "awaiting_approval";
  if (!waits || !stable) return undefined;
  const { version, suite, run } = stable;
  const name = registryPath.currentRun({ container: "flows", flow });
  if ((await readJson<CurrentRun>(store, "registry", name))?.value.run !== run) return undefined;
  // What a person promoted before it was judged could not be decided on again.
  const verdict = await store.read("registry", registryPath.verdict(flow, run));
  return verdict && { version, suite, run, commit: undefined };
}
