import { NotFoundError, RetryLaterError } from "../../shared/errors.ts";
import type { SnapshotMessage } from "../../shared/messages/queue-messages.ts";
import type { CurrentRun } from "../../shared/model/intake.ts";
import type { ReleasePointer } from "../../shared/model/release.ts";
import type { RunPlan, Verdict } from "../../shared/model/run.ts";
import { createJson, readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { decideRelease } from "./decide-release.ts";
import { failedBefore } from "./failed-before.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";
import { recertify } from "./recertify.ts";
import { releaseTime } from "./release-clock.ts";
import { verifies } from "./verifies.ts";
import { settleIfNeeded, tellRelease } from "./tell-release.ts";
import { writeRelease } from "./write-release.ts";

const ATTEMPTS = 10;
/** How often a run that ended in an error is run again before it counts. */
const RETRIES = 2;

/** Acts on a run's verdict, once: starts or promotes what passed, records what did not. */
export async function handleVerdict(
  { flow, run }: { flow: string; run: string },
  dependencies: ReleaseDependencies,
): Promise<void> {
  const { store } = dependencies;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [pointer, decided] = await Promise.all([
      readJson<ReleasePointer>(store, "registry", registryPath.release(flow)),
      store.read("registry", registryPath.decision(flow, run)),
    ]);
    // Written before, by a process that died or a message that came twice. What is pending is decided on again.
    if (pointer && (pointer.value.entry.run === run || !decided)) {
      await settleIfNeeded(pointer.value, dependencies);
    }
    const isPending = pointer?.value.pending?.run === run;
    if (!isPending && (await store.read("registry", registryPath.decision(flow, run)))) {
      return void (await tellRelease(flow, dependencies));
    }
    const facts = await readFacts(flow, run, dependencies);
    const { verdict, plan, current } = facts;
    const stable = pointer?.value.stable?.version;
    const decision = decideRelease(
      pointer?.value,
      {
        kind: "verdict",
        verdict,
        rollout: plan.rollout ?? { kind: "immediate" },
        commit: plan.commit,
        superseded: current !== undefined && current.run !== run,
        verifies: await verifies(store, flow, verdict.version),
        stableVerifies: stable !== undefined && (await verifies(store, flow, stable)),
        failedBefore: verdict.outcome === "pass" ? await failedBefore(store, verdict) : undefined,
        retriesLeft: RETRIES - (plan.retry ?? 0),
      },
      await releaseTime(dependencies),
    );
    if (decision.kind === "replan") await planAgain(plan, current, undefined, dependencies);
    if (decision.kind === "replan" && !decision.afterwards) return;
    if (decision.kind === "retry") {
      await planAgain(plan, current, (plan.retry ?? 0) + 1, dependencies);
      await createJson(store, "registry", registryPath.decision(flow, run), { retried: true });
      return;
    }
    const write = decision.kind === "replan" ? decision.afterwards : decision;
    if (write?.kind !== "write") return;
    const isRejected = write.entry.kind === "rejected" && write.entry.run === run;
    // An error would be the suite's or the platform's there too, and is told as the candidate's.
    if (isRejected && pointer?.value.stable && verdict.outcome !== "error") {
      await recertify(flow, pointer.value.stable, verdict, dependencies);
    }
    if (await writeRelease(flow, pointer, write, {}, dependencies)) {
      return void (await tellRelease(flow, dependencies));
    }
  }
  throw new RetryLaterError(`The release of "${flow}" changed ${ATTEMPTS} times while it was being written.`);
}

async function readFacts(
  flow: string,
  run: string,
  { store }: ReleaseDependencies,
): Promise<{ verdict: Verdict; plan: RunPlan; current: CurrentRun | undefined }> {
  const [verdict, plan, current] = await Promise.all([
    readJson<Verdict>(store, "registry", registryPath.verdict(flow, run)),
    readJson<RunPlan>(store, "registry", registryPath.plan(flow, run)),
    readJson<CurrentRun>(store, "registry", registryPath.currentRun({ container: "flows", flow })),
  ]);
  if (!verdict || !plan) throw new NotFoundError(`Run ${run} of flow "${flow}" has no verdict.`);
  return { verdict: verdict.value, plan: plan.value, current: current?.value };
}

/** The same change, planned again against what serves now. `retry`: after that many runs that ended in an error. */
async function planAgain(
  plan: RunPlan,
  current: CurrentRun | undefined,
  retry: number | undefined,
  { queue }: ReleaseDependencies,
): Promise<void> {
  const message: SnapshotMessage = {
    source: { container: "flows", flow: plan.flow },
    sequence: current?.sequence ?? 1,
    version: plan.version,
    suite: plan.suite,
    rollout: plan.rollout,
    budget: plan.budget,
    commit: plan.commit,
    retry,
  };
  await queue.send("flow-snapshots", message);
}
