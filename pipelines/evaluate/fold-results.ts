import { bindEvaluator } from "../../shared/evaluators/bind-evaluator.ts";
import { calibrateJudges } from "../../shared/gate/calibrate-judges.ts";
import { type WithheldMetrics, withheldMetrics } from "../../shared/gate/withheld-metrics.ts";
import type { RowResult, RunPlan } from "../../shared/model/run.ts";
import type { SuiteManifest } from "../../shared/model/version.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { readJson, replaceJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { createRunFolding, type FoldRow, foldRow, type RunFold, type RunFolding } from "./run-fold.ts";
import { readJudged, readResults } from "./shard-results.ts";

/** A run's fold as one process sees it. */
export interface ResultFold {
  /** A shard of this process is under way; nobody looks for its result until it is in or given up. */
  begin(shard: string): void;
  end(shard: string): void;
  /** Results that this process has just stored, so that they need not be read again. */
  offer(shard: string, results: readonly RowResult[]): void;
  /**
   * Folds in what is contiguous and stored, by whomever. Every process that stores a result calls this afterwards, so
   * that the last of them finds all results, whoever else was killed.
   */
  advance(): Promise<RunFold>;
  /** Ends the fold because a budget is spent, for every process. */
  stop(budgetReason: string): Promise<void>;
  /** Takes over what another process has found, where that is more. */
  refresh(): Promise<RunFold>;
  /** As this process knows it. */
  known(): RunFold;
}

const ATTEMPTS = 10;
/** Nothing is lost between two of these: the shards' results are there to be folded again. */
const SAVE_EVERY_MS = 1_000;
/** Results kept for a shard before them that is still missing; those beyond are read again. */
const KEPT_SHARDS = 64;

export function createResultFold(
  plan: RunPlan,
  suite: SuiteManifest,
  { store, clock }: { store: BlobStore; clock: Clock },
): ResultFold {
  const name = registryPath.fold(plan.flow, plan.id);
  const underWay = new Map<string, number>();
  const offered = new Map<string, FoldRow[]>();
  let withheld: WithheldMetrics | undefined;
  let folding: RunFolding = createRunFolding(plan, suite, new Map());
  let etag: string | undefined;
  let savedShards = 0;
  let savedReason: string | undefined;
  let savedAt = clock.elapsed();
  let advancing: Promise<void> | undefined;
  let again = false;

  async function refresh(): Promise<RunFold> {
    const stored =
      etag === undefined
        ? await store.read("registry", name)
        : await store.readIfChanged("registry", name, etag);
    if (stored === undefined || stored === "unchanged") return folding.now();
    const judges = await knowJudges();
    if (judges) adopt(JSON.parse(stored.body.toString("utf8")) as RunFold, stored.etag, judges);
    return folding.now();
  }

  /** Which metrics the gate withholds; undefined while the labels that tell are not judged, so that nothing is folded. */
  async function knowJudges(): Promise<WithheldMetrics | undefined> {
    if (withheld) return withheld;
    const { judging, evaluators } = suite.definition;
    const judged = judging ? await readJudged(store, plan) : [];
    if (!judged || withheld) return withheld;
    const bound = evaluators.map(bindEvaluator);
    withheld = withheldMetrics(bound, calibrateJudges(judged, bound), judging);
    const reason = folding.now().budgetReason;
    folding = createRunFolding(plan, suite, withheld);
    if (reason !== undefined) folding.stop(reason);
    return withheld;
  }

  function adopt(theirs: RunFold, theirEtag: string, judges: WithheldMetrics): void {
    etag = theirEtag;
    savedShards = theirs.shards;
    savedReason = theirs.budgetReason;
    const ours = folding.now();
    const ended = theirs.end !== undefined && ours.end === undefined;
    if (theirs.shards > ours.shards || ended) folding = createRunFolding(plan, suite, judges, theirs);
    const reason = theirs.budgetReason ?? ours.budgetReason;
    if (reason !== undefined) folding.stop(reason);
  }

  async function foldContiguous(): Promise<void> {
    if (!(await knowJudges())) return;
    for (let shard = folding.next(); shard !== undefined; shard = folding.next()) {
      const rows = offered.get(shard) ?? (underWay.has(shard) ? undefined : await stored(shard));
      if (!rows) return;
      offered.delete(shard);
      // Another process may have come further while this one read.
      if (folding.next() === shard) folding.add(rows);
    }
    offered.clear();
  }

  async function stored(shard: string): Promise<FoldRow[] | undefined> {
    const results = await readResults(store, plan, shard);
    return results?.map(foldRow);
  }

  /** A lost race is nobody's loss: whoever won has folded the same results, or goes on to fold these. */
  async function save(): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const fold = folding.now();
      if (fold.shards <= savedShards && fold.budgetReason === savedReason) return;
      if (fold.end === undefined && clock.elapsed() - savedAt < SAVE_EVERY_MS) return;
      if (await replaceJson(store, "registry", name, fold, etag)) {
        savedShards = fold.shards;
        savedReason = fold.budgetReason;
        savedAt = clock.elapsed();
        if (fold.end === undefined) etag = (await readJson<RunFold>(store, "registry", name))?.etag;
        return;
      }
      await refresh();
      await foldContiguous();
    }
  }

  async function advanceOnce(): Promise<void> {
    try {
      do {
        again = false;
        await foldContiguous();
        await save();
      } while (again);
    } finally {
      // At once: who comes a moment later must not wait for work that is over.
      advancing = undefined;
    }
  }

  return {
    begin: (shard) => void underWay.set(shard, (underWay.get(shard) ?? 0) + 1),
    end(shard) {
      const left = (underWay.get(shard) ?? 1) - 1;
      if (left === 0) underWay.delete(shard);
      else underWay.set(shard, left);
    },
    offer(shard, results) {
      if (folding.next() !== undefined && offered.size < KEPT_SHARDS)
        offered.set(shard, results.map(foldRow));
    },
    async advance() {
      again = true;
      advancing ??= advanceOnce();
      await advancing;
      return folding.now();
    },
    async stop(reason) {
      folding.stop(reason);
      await save();
    },
    refresh,
    known: () => folding.now(),
  };
}
