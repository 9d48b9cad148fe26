import { poisonMessageSchema, snapshotMessageSchema } from "../../shared/messages/queue-messages.ts";
import type { ReleaseMessage, SnapshotMessage } from "../../shared/messages/queue-messages.ts";
import type { CurrentRun, IntakeState } from "../../shared/model/intake.ts";
import type { RunPlan, Verdict } from "../../shared/model/run.ts";
import { contentHash } from "../../shared/model/canonical.ts";
import type { QueueName } from "../../shared/ports/queue.ts";
import { createJson, readJson, replaceJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { DecideDependencies } from "./complete-run.ts";

const PLATFORM_REASON = "the process ended or timed out on every one of its attempts";

/**
 * A message was given up: keeps it for a replay, tells operators, and marks the run it belonged to as `error`, so
 * that nobody waits for a verdict that cannot come. An unfinished run never passes.
 */
export async function recordPoison(
  queue: QueueName,
  id: string,
  body: unknown,
  dependencies: DecideDependencies,
): Promise<void> {
  const { store, telemetry, clock } = dependencies;
  const framed = poisonMessageSchema.safeParse(body);
  const message = framed.success ? framed.data.message : body;
  const reason = framed.success ? framed.data.reason : PLATFORM_REASON;
  const at = clock.now().toISOString();
  await createJson(store, "registry", registryPath.poison(queue, id), { queue, reason, message, at });
  telemetry.event("flowgate.message.poisoned", { "flowgate.queue": queue, "flowgate.flow": flowOf(message) });

  const why = `Gave up on a message of ${queue}: ${reason}`;
  const { flow, run } = (message ?? {}) as { flow?: unknown; run?: unknown };
  if (typeof flow === "string" && typeof run === "string") await failRun(flow, run, why, at, dependencies);
  const snapshot = snapshotMessageSchema.safeParse(message);
  if (!snapshot.success) return;
  if (snapshot.data.recertifyAfter === undefined) await refuseChange(snapshot.data, why, dependencies);
  else await failRecertification(snapshot.data, snapshot.data.recertifyAfter, why, at, dependencies);
}

/** A re-certification that could not even be planned is a run that ended in an error: the release tells it as undecided. */
async function failRecertification(
  { source: { flow }, version, suite }: SnapshotMessage,
  after: string,
  reason: string,
  at: string,
  dependencies: DecideDependencies,
): Promise<void> {
  const { store } = dependencies;
  const challenger = await readJson<RunPlan>(store, "registry", registryPath.plan(flow, after));
  if (!challenger) return;
  const plan: RunPlan = {
    ...challenger.value,
    id: contentHash({ unplanned: { flow, version, suite, after } }).slice(0, 12),
    version,
    suite,
    baseline: undefined,
    purpose: "recertification",
    shards: [],
    plannedAt: at,
    recertifyAfter: after,
  };
  await createJson(store, "registry", registryPath.plan(flow, plan.id), plan);
  await failRun(flow, plan.id, reason, at, dependencies);
}

async function failRun(
  flow: string,
  run: string,
  reason: string,
  decidedAt: string,
  { store, queue, events, clock }: DecideDependencies,
): Promise<void> {
  const plan = await readJson<RunPlan>(store, "registry", registryPath.plan(flow, run));
  if (!plan) return;
  const { version, suite, baseline, purpose } = plan.value;
  const verdict: Verdict = {
    run,
    flow,
    version,
    suite,
    baseline,
    purpose,
    outcome: "error",
    requirements: [],
    reasons: [reason],
    decidedAt,
  };
  if (!(await createJson(store, "registry", registryPath.verdict(flow, run), verdict))) return;
  await events.publish({
    id: `${flow}-run-${run}`,
    type: "Flowgate.RunCompleted",
    subject: `flows/${flow}/runs/${run}`,
    time: clock.now(),
    data: { flow, version, suite, run, outcome: "error", reasons: [reason] },
  });
  // Where nobody waits for it, it is run again; whoever waits for an immediate one sees the error. What became of
  // production's certificate is the release's to tell.
  const isUnwatched = purpose !== "proposal" && plan.value.rollout?.kind === "canary";
  if (isUnwatched || purpose === "recertification") {
    await queue.send("release-requests", { kind: "verdict", flow, run } satisfies ReleaseMessage);
  }
}

/** A change whose run could not even be planned is shown as refused, unless a newer change took its place. */
async function refuseChange(
  { source, sequence }: SnapshotMessage,
  message: string,
  { store }: DecideDependencies,
): Promise<void> {
  const name = registryPath.intake(source);
  const current = await readJson<CurrentRun>(store, "registry", registryPath.currentRun(source));
  const state = await readJson<IntakeState>(store, "registry", name);
  if (state?.value.sequence !== sequence || (current?.value.sequence ?? 0) >= sequence) return;
  const remedy = "See the function's log for the cause, mend it, and push again.";
  const diagnostics = [
    { severity: "error", file: "flow.yaml", line: 1, column: 1, message, remedy },
  ] as const;
  const refused: IntakeState = {
    ...state.value,
    outcome: { kind: "refused", diagnostics: [...diagnostics] },
  };
  await replaceJson(store, "registry", name, refused, state.etag);
}

function flowOf(message: unknown): string | undefined {
  const { flow, source } = (message ?? {}) as { flow?: unknown; source?: { flow?: unknown } };
  const name = flow ?? source?.flow;
  return typeof name === "string" ? name : undefined;
}
