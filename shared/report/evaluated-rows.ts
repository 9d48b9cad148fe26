import { LABELS_SHARD } from "../model/judged-answer.ts";
import type { EvaluatedDifference } from "../model/row-differences.ts";
import type { RowResult, RunPlan } from "../model/run.ts";
import type { RunDetail, RunRows, VersionRun } from "../model/status.ts";
import { createRowDifferences } from "./row-differences.ts";
import type { RowPair } from "./row-flip.ts";

/** Where runs and their rows are read: storage itself, or the management API. */
export interface RunReader {
  run(flow: string, run: string): Promise<Pick<RunDetail, "plan" | "report">>;
  /** A page of rows, without their contexts. */
  rows(flow: string, run: string, from: { shard: string; offset: number }): Promise<RunRows>;
}

/** A version, and the runs that judged it, newest first. */
export interface JudgedVersion {
  flow: string;
  version: string;
  runs: VersionRun[];
}

/**
 * The difference on the newest suite that both were evaluated on, from what the runs stored; undefined where there is
 * none. A run that compared the two has both answers; else each comes from its own run. Holds one shard at a time, and
 * reads no more than `mostShards` of them.
 */
export async function evaluatedDifference(
  reader: RunReader,
  before: JudgedVersion,
  after: JudgedVersion,
  mostShards = Infinity,
): Promise<EvaluatedDifference | undefined> {
  if (before.flow !== after.flow || before.version === after.version) return undefined;
  const source =
    (await comparedIn(reader, after, before.version, "after")) ??
    (await comparedIn(reader, before, after.version, "before")) ??
    (await evaluatedApart(reader, before, after));
  if (!source) return undefined;
  const fold = createRowDifferences();
  const shards = source.plan.shards.filter((name) => name !== LABELS_SHARD);
  for (const shard of shards.slice(0, mostShards)) {
    const pairs = (await source.pairs(shard)).filter(({ row }) => row.as !== "counterfactual");
    for (const cluster of Map.groupBy(pairs, ({ row }) => row.cluster).values()) fold.add(cluster);
  }
  const isWhole = shards.length <= mostShards;
  return { suite: source.plan.suite, runs: source.runs, isWhole, ...fold.differences() };
}

interface PairSource {
  plan: RunPlan;
  runs: string[];
  pairs(shard: string): Promise<RowPair[]>;
}

/** The side's run whose baseline was the other one. */
async function comparedIn(
  reader: RunReader,
  { flow, runs }: JudgedVersion,
  other: string,
  side: "before" | "after",
): Promise<PairSource | undefined> {
  for (const { run } of runs) {
    const { plan, report } = await reader.run(flow, run);
    if (plan.baseline !== other || !report) continue;
    return {
      plan,
      runs: [run],
      pairs: async (shard) =>
        (await rowsOf(reader, flow, run, shard)).flatMap(({ row, trial, candidate, baseline }) => {
          if (!baseline) return [];
          return side === "after"
            ? [{ row, trial, before: baseline, after: candidate }]
            : [{ row, trial, before: candidate, after: baseline }];
        }),
    };
  }
  return undefined;
}

async function evaluatedApart(
  reader: RunReader,
  before: JudgedVersion,
  after: JudgedVersion,
): Promise<PairSource | undefined> {
  const { flow } = after;
  for (const { run, suite } of after.runs) {
    const other = before.runs.find((candidate) => candidate.suite === suite);
    if (!other) continue;
    const { plan } = await reader.run(flow, run);
    const otherPlan = (await reader.run(flow, other.run)).plan;
    const shards = plan.shards.filter((shard) => otherPlan.shards.includes(shard));
    return {
      plan: { ...plan, shards },
      runs: [other.run, run],
      async pairs(shard) {
        const old = await rowsOf(reader, flow, other.run, shard);
        const byName = new Map(old.map((result) => [nameOf(result), result.candidate]));
        const now = await rowsOf(reader, flow, run, shard);
        return now.flatMap((result) => {
          const found = byName.get(nameOf(result));
          return found
            ? [{ row: result.row, trial: result.trial, before: found, after: result.candidate }]
            : [];
        });
      },
    };
  }
  return undefined;
}

/** Two datasets may hold the same row. */
function nameOf({ row, trial }: RowResult): string {
  return JSON.stringify([row.dataset, row.id, row.hash, trial]);
}

async function rowsOf(reader: RunReader, flow: string, run: string, shard: string): Promise<RowResult[]> {
  const rows: RowResult[] = [];
  for (
    let from: { shard: string; offset: number } | undefined = { shard, offset: 0 };
    from?.shard === shard;
  ) {
    const page = await reader.rows(flow, run, from);
    rows.push(...page.rows);
    from = page.next;
  }
  return rows;
}
