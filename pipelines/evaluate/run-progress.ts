import { ModelError } from "../../shared/errors.ts";
import type { ShardMessage } from "../../shared/messages/queue-messages.ts";
import type { CurrentRun } from "../../shared/model/intake.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import type { SuiteManifest } from "../../shared/model/version.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { recordedBuckets } from "../../shared/registry/result-cache.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { createResultFold, type ResultFold } from "./fold-results.ts";

/** A run as one process follows it: what of it is still needed. */
export interface RunProgress {
  fold: ResultFold;
  /** The buckets of a version that held results when this process took up the run. */
  recorded(version: string): Promise<ReadonlySet<string>>;
  /** Aborted when rows of that kind are needed no more. */
  unneeded(as: "quality" | "safety"): AbortSignal;
  /** Looks at storage for what other processes found, at most once a second. */
  look(): Promise<void>;
  /** Ends the run because a budget is spent: no more of its rows are begun, in any process. */
  exhaust(budgetReason: string): Promise<void>;
  /** Whether a newer change took the run's place: nobody waits for its report. */
  superseded(): boolean;
  /** Folds in what is stored, and gives up the rows that are then not needed any more. */
  advance(): Promise<void>;
  /** Runs `attempt` until one says that the report is there; one at a time, so that none misses what came between. */
  report(attempt: () => Promise<boolean>): Promise<void>;
}

/** The runs that this process works on. */
export type RunsUnderWay = (message: ShardMessage, plan: RunPlan, suite: SuiteManifest) => RunProgress;

const LOOK_EVERY_MS = 1_000;
const KEPT_RUNS = 8;

/** Follows the runs worked on last; one that is taken up again is read from storage anew. */
export function createRunsUnderWay(dependencies: { store: BlobStore; clock: Clock }): RunsUnderWay {
  const runs = new Map<string, RunProgress>();
  return (message, plan, suite) => {
    const key = JSON.stringify([message.source, message.sequence, plan.flow, plan.id]);
    const progress = runs.get(key) ?? followRun(message, plan, suite, dependencies);
    runs.delete(key);
    runs.set(key, progress);
    const oldest = runs.keys().next();
    if (runs.size > KEPT_RUNS && !oldest.done) runs.delete(oldest.value);
    return progress;
  };
}

function followRun(
  { source, sequence }: ShardMessage,
  plan: RunPlan,
  suite: SuiteManifest,
  dependencies: { store: BlobStore; clock: Clock },
): RunProgress {
  const { store, clock } = dependencies;
  const fold = createResultFold(plan, suite, dependencies);
  const quality = new AbortController();
  const safety = new AbortController();
  let isSuperseded = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  let reporting = Promise.resolve(false);

  async function lookNow(): Promise<void> {
    const [current] = await Promise.all([
      readJson<CurrentRun>(store, "registry", registryPath.currentRun(source)),
      fold.refresh(),
    ]);
    lookedAt = clock.elapsed();
    if (current && current.value.run !== plan.id && current.value.sequence > sequence) {
      isSuperseded = true;
      // A newer change was planned since: what this run would find out, nobody waits for any more.
      quality.abort(unneeded("A newer change took this one's place."));
      safety.abort(unneeded("A newer change took this one's place."));
    }
    noticeEnd();
  }

  function noticeEnd(): void {
    const { end, budgetReason } = fold.known();
    if (end === "certain") quality.abort(unneeded("The verdict was certain before this row."));
    if (budgetReason === undefined) return;
    quality.abort(unneeded(budgetReason));
    safety.abort(unneeded(budgetReason));
  }

  const recorded = new Map<string, Promise<ReadonlySet<string>>>();
  return {
    fold,
    recorded(version) {
      const listing = recorded.get(version) ?? recordedBuckets(store, plan.flow, version);
      recorded.set(version, listing);
      listing.catch(() => recorded.delete(version));
      return listing;
    },
    unneeded: (as) => (as === "quality" ? quality : safety).signal,
    async look() {
      if (looking === undefined && clock.elapsed() - lookedAt < LOOK_EVERY_MS) return;
      looking ??= lookNow().finally(() => {
        looking = undefined;
      });
      await looking;
    },
    async exhaust(budgetReason) {
      await fold.stop(budgetReason);
      noticeEnd();
    },
    superseded: () => isSuperseded,
    async advance() {
      await fold.advance();
      noticeEnd();
    },
    async report(attempt) {
      reporting = reporting.catch(() => false).then(async (done) => done || (await attempt()));
      await reporting;
    },
  };
}

function unneeded(why: string): ModelError {
  return new ModelError(why, { kind: "aborted" });
}
