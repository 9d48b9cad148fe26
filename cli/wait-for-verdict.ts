import { createSystemClock } from "../shared/adapters/system-clock.ts";
import { NotFoundError, RetryLaterError } from "../shared/errors.ts";
import type { RunEstimate } from "../shared/model/budget.ts";
import type { Diagnostic } from "../shared/model/flow.ts";
import type { ReleasePointer } from "../shared/model/release.ts";
import type { Verdict } from "../shared/model/run.ts";
import type { FlowStatus } from "../shared/model/status.ts";
import type { ManagementApi } from "./management-api.ts";

export type WaitProgress =
  /** The platform has not read the push. */
  | { stage: "reading"; waitedMs: number }
  /** Read and accepted; its run is being planned, for which the model embeds the knowledge. */
  | { stage: "planning"; waitedMs: number }
  | {
      stage: "evaluating";
      version: string;
      rows: number;
      shards: number;
      shardsDone: number;
      /** Undefined from a platform that counts shards only. */
      rowsDone?: number | undefined;
      estimate: RunEstimate | undefined;
    }
  /** Judged; production does not serve it yet. */
  | { stage: "releasing"; version: string };

export type WaitResult =
  | { kind: "refused"; diagnostics: Diagnostic[] }
  /** A newer change took its place; nothing will come of this one. */
  | { kind: "superseded" }
  /** `served`: whether production serves the version now. */
  | {
      kind: "decided";
      verdict: Verdict;
      notices: string[];
      served: boolean;
      /** Why production will not serve a version that passed; pushing the same content does not change that. */
      withheld?: string | undefined;
      /** The release where the version is being rolled out, waits for an approval or for its turn. */
      underWay?: ReleasePointer | undefined;
    }
  | { kind: "failed"; message: string };

/** How long, in milliseconds, an unclear state may last before it is taken for what it looks like. */
export interface Patience {
  /** A platform that does not answer. */
  unreachable: number;
  /** Another push is shown as the latest change and this one was never seen. */
  unseen: number;
  /** A verdict `pass` that production does not show. */
  unreleased: number;
}

const PATIENCE: Patience = { unreachable: 30_000, unseen: 15_000, unreleased: 30_000 };
const FIRST_POLL_MS = 200;
const LONGEST_POLL_MS = 1000;

/**
 * Follows a push to its verdict, asking every 0.2 s at first and every second later. A verdict `pass` waits until
 * production serves the version. Throws the signal's reason when aborted; the run goes on by itself.
 */
export async function waitForVerdict(wait: {
  api: ManagementApi;
  flow: string;
  /** Of a proposal: its name. It ends with its verdict. */
  proposal?: string | undefined;
  pushId: string;
  onProgress?: (progress: WaitProgress) => void;
  signal?: AbortSignal | undefined;
  patience?: Partial<Patience>;
}): Promise<WaitResult> {
  const { api, flow, signal } = wait;
  const hasLasted = createStopwatches({ ...PATIENCE, ...wait.patience });
  const clock = createSystemClock();
  const start = clock.elapsed();
  /** The sequence of the change that was the latest when waiting began, and of ours. */
  let before: number | undefined;
  let ours: number | undefined;

  async function look(): Promise<WaitResult | undefined> {
    const status = await readStatus(api, flow, wait.proposal);
    const { change } = status;
    // A later edit that is no push leaves our `.commit.json` where it is: only the first sight counts.
    if (change?.commit?.pushId === wait.pushId) ours ??= change.sequence;
    else before ??= change?.sequence ?? 0;
    const isNewer = change !== undefined && change.sequence > (ours ?? before ?? Infinity);
    if (isNewer && (ours !== undefined || hasLasted("unseen"))) return { kind: "superseded" };
    const shown = ours === undefined ? undefined : status;
    const result = shown && (await resultOf(shown, api, hasLasted));
    if (!result) wait.onProgress?.(progressOf(shown, clock.elapsed() - start));
    return result;
  }

  for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.25, LONGEST_POLL_MS)) {
    try {
      const result = await look();
      if (result) return result;
      hasLasted("unreachable", false);
    } catch (error) {
      if (!(error instanceof RetryLaterError) || hasLasted("unreachable")) throw error;
    }
    await clock.sleep(pause, signal);
  }
}

/** Before the platform has read a flow's first push, the flow does not exist. */
async function readStatus(
  api: ManagementApi,
  flow: string,
  proposal: string | undefined,
): Promise<FlowStatus> {
  try {
    return await api.flow(flow, proposal);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return { flow, release: undefined, change: undefined, run: undefined };
  }
}

type HasLasted = (what: keyof Patience, holds?: boolean) => boolean;

/** What came of the change that `status` shows, once that is certain. */
async function resultOf(
  status: FlowStatus,
  api: ManagementApi,
  hasLasted: HasLasted,
): Promise<WaitResult | undefined> {
  const { flow, change, release } = status;
  const outcome = change?.outcome;
  if (outcome?.kind === "refused") return { kind: "refused", diagnostics: outcome.diagnostics };
  if (outcome?.kind !== "accepted") return { kind: "failed", message: `The flow ${flow} was deleted.` };
  const { run } = status;
  const served = release?.stable?.version === outcome.version;
  if (!run) return undefined;
  if (run.state === "superseded") return { kind: "superseded" };
  if (!run.verdict) {
    return run.state === "error"
      ? { kind: "failed", message: `The run ${run.plan.id} ended in an error before its verdict.` }
      : undefined;
  }
  const { version } = outcome;
  const isUnderWay = release?.rollout?.candidate.version === version || release?.pending?.version === version;
  const underWay = isUnderWay ? release : undefined;
  const releases = !underWay && run.verdict.outcome === "pass" && run.plan.purpose !== "proposal";
  const withheld = releases && !served ? await whyWithheld(flow, run.verdict, api) : undefined;
  if (releases && !served && withheld === undefined && !hasLasted("unreleased")) return undefined;
  const { report } = await api.run(flow, run.plan.id);
  return {
    kind: "decided",
    verdict: run.verdict,
    notices: report?.notices ?? [],
    served,
    withheld,
    underWay,
  };
}

/**
 * Why the release does not let a version serve that passed: it refused the run, or the version was rolled back since
 * the run was decided. A rollback from before says nothing: what is judged by another suite may serve again.
 */
async function whyWithheld(
  flow: string,
  { run, version }: Verdict,
  api: ManagementApi,
): Promise<string | undefined> {
  const { entries } = await api.history(flow, 50).catch((error: unknown) => {
    if (error instanceof NotFoundError) return { entries: [] };
    throw error;
  });
  const latest = entries.findIndex((entry) => entry.run === run);
  const decision = entries[latest];
  if (decision?.kind === "rejected") return decision.reason;
  const since = entries.slice(0, Math.max(latest, 0));
  if (!since.some(({ kind, from }) => kind === "rolled_back" && from === version)) return undefined;
  return `It was rolled back since. Change it and push again, or force it with \`flowgate promote ${flow}\`.`;
}

function progressOf(status: FlowStatus | undefined, waitedMs: number): WaitProgress {
  const run = status?.run;
  if (!run) return { stage: status?.change?.outcome.kind === "accepted" ? "planning" : "reading", waitedMs };
  const { version, rows, shards, estimate } = run.plan;
  if (run.verdict) return { stage: "releasing", version };
  return {
    stage: "evaluating",
    version,
    rows,
    shards: shards.length,
    shardsDone: run.shardsDone,
    rowsDone: run.rowsDone,
    estimate,
  };
}

/** Tells for each kind of unclear state whether it has held for longer than the patience with it. */
function createStopwatches(patience: Patience): HasLasted {
  const since = new Map<keyof Patience, number>();
  return (what, holds = true) => {
    if (!holds) {
      since.delete(what);
      return false;
    }
    const start = since.get(what) ?? performance.now();
    since.set(what, start);
    return performance.now() - start >= patience[what];
  };
}
