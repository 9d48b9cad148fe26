import { NotFoundError, RetryLaterError } from "../../shared/errors.ts";
import type { SnapshotMessage } from "../../shared/messages/queue-messages.ts";
import type { CurrentRun } from "../../shared/model/intake.ts";
import type { ReleasePointer } from "../../shared/model/release.ts";
import type { RunPlan, Verdict } from "../../shared/model/run.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { decideRelease } from "./decide-release.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";
import { verifies } from "./verifies.ts";
import { completeRelease, writeRelease } from "./write-release.ts";

const ATTEMPTS = 10;

/** Acts on a run's verdict, once: promotes what passed, records what did not. */
export async function handleVerdict(
  { flow, run }: { flow: string; run: string },
  dependencies: ReleaseDependencies,
): Promise<void> {
  const { store, clock } = dependencies;
  if (await store.read("registry", registryPath.decision(flow, run))) return;
  const [verdict, plan] = await Promise.all([
    readJson<Verdict>(store, "registry", registryPath.verdict(flow, run)),
    readJson<RunPlan>(store, "registry", registryPath.plan(flow, run)),
  ]);
  if (!verdict || !plan) throw new NotFoundError(`Run ${run} of flow "${flow}" has no verdict.`);

  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [pointer, current] = await Promise.all([
      readJson<ReleasePointer>(store, "registry", registryPath.release(flow)),
      readJson<CurrentRun>(store, "registry", registryPath.currentRun({ container: "flows", flow })),
    ]);
    if (pointer?.value.entry.run === run) {
      // Written before, by a process that died or a message that came twice.
      await completeRelease(pointer.value, dependencies);
      return;
    }
    const decision = decideRelease(pointer?.value, {
      kind: "verdict",
      verdict: verdict.value,
      superseded: current !== undefined && current.value.run !== run,
      verifies: await verifies(store, flow, verdict.value.version),
      now: clock.now().toISOString(),
    });
    if (decision.kind === "replan") {
      await replan(plan.value, current?.value, dependencies);
      return;
    }
    if (decision.kind === "refuse") return;
    if (await writeRelease(flow, pointer, decision, plan.value.commit, dependencies)) return;
  }
  throw new RetryLaterError(`The release of "${flow}" changed ${ATTEMPTS} times while it was being written.`);
}

/** The same change, planned again against what serves now. */
async function replan(
  plan: RunPlan,
  current: CurrentRun | undefined,
  { queue }: ReleaseDependencies,
): Promise<void> {
  const message: SnapshotMessage = {
    source: { container: "flows", flow: plan.flow },
    sequence: current?.sequence ?? 1,
    version: plan.version,
    suite: plan.suite,
    budget: plan.budget,
    commit: plan.commit,
  };
  await queue.send("flow-snapshots", message);
}
