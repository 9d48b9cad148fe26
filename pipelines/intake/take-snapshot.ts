import { validateFlow } from "../../shared/flow/validate-flow.ts";
import type { Diagnostic, FlowDefinition } from "../../shared/model/flow.ts";
import type { CurrentRun, FlowSource, IntakeState } from "../../shared/model/intake.ts";
import type { SnapshotMessage } from "../../shared/messages/queue-messages.ts";
import { readJson, replaceJson } from "../../shared/registry/json-blob.ts";
import { storeMonitoringPlan } from "../../shared/registry/monitoring-plan.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { knownNames } from "../../shared/evaluators/known-names.ts";
import type { IntakeDependencies } from "./intake-dependencies.ts";
import { listWorkingCopy, readWorkingCopy } from "./read-working-copy.ts";
import type { WorkingCopy } from "./read-working-copy.ts";
import { reportRefusal } from "./report-refusal.ts";
import { storeSnapshot } from "./store-snapshot.ts";

export type SnapshotOutcome =
  | { kind: "unchanged" | "accepted" | "refused" | "deleted" }
  | { kind: "waiting"; forMs: number };

const PUSH_WAITS_MS = 5 * 60_000;
const LOOK_AGAIN_MS = 5_000;
const ATTEMPTS = 5;

/**
 * Turns what is in a flow's folder into a version and a suite, or a refusal, and records which. The same content
 * twice is one change; a set of files that a push has announced and not delivered is waited for. `redelivered`: the
 * message was begun before and perhaps not finished, so what it may have left undone is done.
 */
export async function takeSnapshot(
  source: FlowSource,
  dependencies: IntakeDependencies,
  redelivered = false,
): Promise<SnapshotOutcome> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const outcome = await tryOnce(source, dependencies, redelivered);
    if (outcome !== "overtaken") return outcome;
  }
  return { kind: "waiting", forMs: dependencies.settleMs };
}

async function tryOnce(
  source: FlowSource,
  dependencies: IntakeDependencies,
  redelivered: boolean,
): Promise<SnapshotOutcome | "overtaken"> {
  const { store, clock } = dependencies;
  const before = await readJson<IntakeState>(store, "registry", registryPath.intake(source));
  const listing = await listWorkingCopy(store, source);
  if (before?.value.fingerprint === listing.fingerprint) {
    if (redelivered) await completeChange(source, before.value, dependencies);
    return { kind: "unchanged" };
  }

  using copy = await readWorkingCopy(store, source, dependencies.spool);
  if (copy.openPush) {
    const age = clock.now().getTime() - copy.openPush.since.getTime();
    if (age < PUSH_WAITS_MS) return { kind: "waiting", forMs: LOOK_AGAIN_MS };
  }
  const outcome = await judge(source, copy, dependencies);
  const state: IntakeState = {
    flow: source.flow,
    sequence: (before?.value.sequence ?? 0) + 1,
    fingerprint: copy.fingerprint,
    at: clock.now().toISOString(),
    commit: copy.commit,
    outcome,
  };
  const name = registryPath.intake(source);
  if (!(await replaceJson(store, "registry", name, state, before?.etag))) return "overtaken";
  if (outcome.kind === "accepted") await handOver(source, state, dependencies);
  if (outcome.kind === "refused") await reportRefusal(source, state, dependencies);
  return { kind: outcome.kind };
}

async function judge(
  source: FlowSource,
  copy: WorkingCopy,
  dependencies: IntakeDependencies,
): Promise<IntakeState["outcome"]> {
  if (copy.files.size === 0) return { kind: "deleted" };
  const obstacles = [...unfinishedPush(copy), ...tooLarge(copy)];
  if (obstacles.length > 0) return { kind: "refused", diagnostics: obstacles };

  const { connections, safetyService } = dependencies;
  const contentSafety = safetyService !== undefined;
  const known = { ...knownNames(), contentSafety, ...(connections && { connections }) };
  const { definition, diagnostics } = validateFlow(copy.files, known);
  const all = [...diagnostics, ...wrongFolder(source, definition)];
  if (!definition || all.some((diagnostic) => diagnostic.severity === "error")) {
    return { kind: "refused", diagnostics: all };
  }
  const { version, suite } = await storeSnapshot(source.flow, definition, copy, dependencies);
  const { rollout, budget, monitoring } = definition;
  return { kind: "accepted", version, suite, rollout, budget, monitoring, diagnostics: all };
}

async function handOver(
  source: FlowSource,
  state: IntakeState,
  { store, queue }: Pick<IntakeDependencies, "store" | "queue">,
): Promise<void> {
  if (state.outcome.kind !== "accepted") return;
  if (source.container === "flows") {
    const { suite, monitoring } = state.outcome;
    await storeMonitoringPlan(store, source.flow, { sequence: state.sequence, suite, monitoring });
  }
  const message: SnapshotMessage = {
    source,
    sequence: state.sequence,
    version: state.outcome.version,
    suite: state.outcome.suite,
    budget: state.outcome.budget,
    rollout: state.outcome.rollout,
    commit: state.commit,
  };
  await queue.send("flow-snapshots", message);
}

/** The process may have died between recording a change and passing it on: the next event makes good for it. */
async function completeChange(
  source: FlowSource,
  state: IntakeState,
  dependencies: IntakeDependencies,
): Promise<void> {
  if (state.outcome.kind === "refused") await reportRefusal(source, state, dependencies);
  if (state.outcome.kind !== "accepted") return;
  const current = await readJson<CurrentRun>(dependencies.store, "registry", registryPath.currentRun(source));
  if ((current?.value.sequence ?? 0) < state.sequence) await handOver(source, state, dependencies);
}

function unfinishedPush(copy: WorkingCopy): Diagnostic[] {
  if (!copy.openPush) return [];
  const { arrived, announced } = copy.openPush;
  return [
    problem(
      ".push.json",
      `a push was begun and never finished: ${arrived} of its ${announced} files are as it announced`,
      "Push again; nothing of the unfinished push was used.",
    ),
  ];
}

function tooLarge(copy: WorkingCopy): Diagnostic[] {
  return copy.oversized.map(({ path, bytes }) =>
    problem(
      path,
      `the file has ${(bytes / 2 ** 20).toFixed(1)} MiB; at most 32 MiB are read`,
      "Split it into several files, or leave out what the flow does not need.",
    ),
  );
}

function wrongFolder(source: FlowSource, definition: FlowDefinition | undefined): Diagnostic[] {
  if (!definition || definition.name === source.flow) return [];
  return [
    problem(
      "flow.yaml",
      `the flow is named "${definition.name}" and lies in the folder "${source.flow}"`,
      `Name it "${source.flow}", or upload it to "${definition.name}/".`,
    ),
  ];
}

function problem(file: string, message: string, remedy: string): Diagnostic {
  return { severity: "error", file, line: 1, column: 1, message, remedy };
}
