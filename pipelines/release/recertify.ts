import type { SnapshotMessage } from "../../shared/messages/queue-messages.ts";
import type { CurrentRun } from "../../shared/model/intake.ts";
import type { Candidate, ServedVersion } from "../../shared/model/release.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";

/**
 * A challenger that was rejected or taken back brought a suite that what serves was not certified on: whether that holds
 * on it is asked in a run of its own, which finds what the challenger's measured of production recorded. Planned twice,
 * it is one run. `delaySeconds`: where what serves is about to be written.
 */
export async function recertify(
  flow: string,
  served: ServedVersion,
  challenger: Pick<Candidate, "suite" | "run">,
  { store, queue }: ReleaseDependencies,
  delaySeconds = 0,
): Promise<void> {
  if (served.suite === challenger.suite) return;
  const [plan, current] = await Promise.all([
    readJson<RunPlan>(store, "registry", registryPath.plan(flow, challenger.run)),
    readJson<CurrentRun>(store, "registry", registryPath.currentRun({ container: "flows", flow })),
  ]);
  const message: SnapshotMessage = {
    source: { container: "flows", flow },
    sequence: current?.value.sequence ?? 1,
    version: served.version,
    suite: challenger.suite,
    budget: plan?.value.budget,
    commit: plan?.value.commit,
    recertifyAfter: challenger.run,
  };
  await queue.send("flow-snapshots", message, { delaySeconds });
}
