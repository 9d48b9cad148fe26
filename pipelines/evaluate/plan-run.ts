import type { ShardMessage, SnapshotMessage } from "../../shared/messages/queue-messages.ts";
import { LABELS_SHARD } from "../../shared/model/judged-answer.ts";
import { contentHash } from "../../shared/model/canonical.ts";
import type { CurrentRun, FlowSource } from "../../shared/model/intake.ts";
import type { ReleasePointer } from "../../shared/model/release.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import type { SuiteManifest } from "../../shared/model/version.ts";
import { createJson, readJson, replaceJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { workThrough } from "../../shared/work-through.ts";
import { readSuite } from "../../shared/registry/version-store.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";
import { estimatePlan } from "./estimate-plan.ts";
import { isSpent } from "./is-spent.ts";
import { recordOvertaken, recordSuperseded } from "./record-superseded.ts";
import { whatIsKnown } from "./what-is-known.ts";
import { shardsInOrder } from "./visiting-order.ts";

const SENDS_AT_ONCE = 16;

/**
 * A version and a suite are in the registry: plans their run against what serves now, and hands out its shards. The
 * run's id follows from its inputs, so planning twice is planning once. An older change than the current one is
 * dropped; a version that serves already with the same suite needs no run. A re-certification beside a rejected
 * candidate leaves the current run what it is. Inputs whose run is spent get another run
 * of their own, which finds nearly all of its calls recorded.
 */
export async function planRun(
  message: SnapshotMessage,
  dependencies: Pick<
    EvaluateDependencies,
    "store" | "queue" | "clock" | "telemetry" | "models" | "loadVersion" | "prices" | "spending"
  >,
): Promise<void> {
  const { store, queue } = dependencies;
  const { source } = message;
  const name = registryPath.currentRun(source);
  const current = await readJson<CurrentRun>(store, "registry", name);
  const isBeside = message.recertifyAfter !== undefined;
  if (current && current.value.sequence > message.sequence) {
    const { sequence, version, commit } = message;
    if (!isBeside) await recordSuperseded(source, { sequence, version, commit }, dependencies);
    return;
  }

  const pointer = await readJson<ReleasePointer>(store, "registry", registryPath.release(source.flow));
  const stable = pointer?.value.stable;
  // Another version serves by now, or a certificate has come: nothing is left to ask.
  if (isBeside && (stable?.version !== message.version || stable.suite === message.suite)) return;
  if (stable && stable.version === message.version && stable.suite === message.suite) {
    await makeCurrent(message, stable.run, dependencies);
    return;
  }

  // Computes and keeps the vectors of the version's knowledge before many shards need them at once.
  const flow = await dependencies.loadVersion(source.flow, message.version);
  const suite = await readSuite(store, source.flow, message.suite);
  const known = await whatIsKnown(message, suite, stable, dependencies);
  const isCurrent = ({ id }: RunPlan): boolean =>
    current?.value.sequence === message.sequence && current.value.run === id;
  const { sequence, retry } = message;
  const again = retry === undefined ? undefined : `${sequence} after ${retry}`;
  const first = { ...makePlan(message, suite, stable?.version, again, dependencies), ...known };
  if (isCurrent(first)) return;
  const chosen = (await isSpent(first, store))
    ? { ...makePlan(message, suite, stable?.version, again ?? sequence, dependencies), ...known }
    : first;
  if (isCurrent(chosen)) return;
  const earlier = current && (await dependencies.spending.spentBy(source.flow, current.value.run));
  const estimate = await estimatePlan(chosen, suite, flow, earlier, dependencies);
  const plan: RunPlan = { ...chosen, estimate };

  await createJson(store, "registry", registryPath.plan(plan.flow, plan.id), plan);
  if (!(await store.read("registry", registryPath.verdict(plan.flow, plan.id)))) {
    await workThrough(plan.shards, SENDS_AT_ONCE, (shard) =>
      queue.send("evaluation-shards", {
        flow: plan.flow,
        run: plan.id,
        shard,
        sequence: message.sequence,
        source,
      } satisfies ShardMessage),
    );
  }
  if (!isBeside) await makeCurrent(message, plan.id, dependencies);
  dependencies.telemetry.event("flowgate.run.planned", {
    "flowgate.flow": plan.flow,
    "flowgate.version": plan.version,
    "flowgate.suite": plan.suite,
    "flowgate.run": plan.id,
    "flowgate.purpose": plan.purpose,
    "flowgate.rows": plan.rows,
    "flowgate.shards": plan.shards.length,
    "flowgate.estimate.calls": estimate.calls,
    "flowgate.estimate.tokens": estimate.tokens,
    "flowgate.estimate.cost": estimate.cost,
  });
}

function makePlan(
  { source, version, suite, budget, rollout, retry, recertifyAfter, commit }: SnapshotMessage,
  manifest: SuiteManifest,
  stable: string | undefined,
  again: number | string | undefined,
  { clock, models }: Pick<EvaluateDependencies, "clock" | "models">,
): RunPlan {
  const { flow } = source;
  const purpose = purposeOf(source, version, stable);
  const baseline = stable === version ? undefined : stable;
  return {
    id: contentHash({ flow, version, suite, baseline, purpose, models, again }).slice(0, 12),
    flow,
    version,
    suite,
    baseline,
    purpose,
    models,
    rows: manifest.rows,
    // Labels first: until the judge is known, what it says settles nothing.
    shards: [...(manifest.labels ? [LABELS_SHARD] : []), ...shardsInOrder(manifest, version)],
    plannedAt: clock.now().toISOString(),
    budget,
    rollout,
    retry,
    recertifyAfter,
    commit,
  };
}

function purposeOf(source: FlowSource, version: string, stable: string | undefined): RunPlan["purpose"] {
  if (source.container === "proposals") return "proposal";
  return version === stable ? "recertification" : "candidate";
}

/** Points at the newest change's run; a newer one that came in between stands. Whichever is overtaken is recorded. */
async function makeCurrent(
  { source, sequence, version, commit }: SnapshotMessage,
  run: string,
  dependencies: Pick<EvaluateDependencies, "store" | "clock">,
): Promise<void> {
  const { store } = dependencies;
  const name = registryPath.currentRun(source);
  for (;;) {
    const current = await readJson<CurrentRun>(store, "registry", name);
    if (current && current.value.sequence > sequence) {
      await recordSuperseded(source, { sequence, version, run, commit }, dependencies);
      return;
    }
    // First: who dies in between comes again, and until the pointer has moved nobody believes the record.
    if (current && current.value.sequence < sequence && current.value.run !== run) {
      await recordOvertaken(source, current.value, dependencies);
    }
    if (await replaceJson(store, "registry", name, { sequence, run } satisfies CurrentRun, current?.etag)) {
      return;
    }
  }
}
