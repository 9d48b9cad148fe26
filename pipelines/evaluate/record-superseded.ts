import type { CurrentRun, FlowSource, SupersededChange } from "../../shared/model/intake.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import { createJson, readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";

/** Keeps for the history that a newer change took the run's place, unless its verdict is there. */
export async function recordOvertaken(
  source: FlowSource,
  { sequence, run }: CurrentRun,
  dependencies: Pick<EvaluateDependencies, "store" | "clock">,
): Promise<void> {
  const { store } = dependencies;
  if (await store.read("registry", registryPath.verdict(source.flow, run))) return;
  const plan = await readJson<RunPlan>(store, "registry", registryPath.plan(source.flow, run));
  if (!plan) return;
  const { version, commit } = plan.value;
  await recordSuperseded(source, { sequence, version, run, commit }, dependencies);
}

/** A change has one record, whoever writes it first. A proposal's are not kept: only its newest change is shown. */
export async function recordSuperseded(
  source: FlowSource,
  { sequence, version, run, commit }: Omit<SupersededChange, "at">,
  { store, clock }: Pick<EvaluateDependencies, "store" | "clock">,
): Promise<void> {
  if (source.container === "proposals") return;
  const change: SupersededChange = { sequence, at: clock.now().toISOString(), version, run, commit };
  await createJson(store, "registry", registryPath.supersededChange(source.flow, sequence), change);
}
