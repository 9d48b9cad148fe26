import { LABELS_SHARD } from "../../shared/model/judged-answer.ts";
import type { RowDifferences } from "../../shared/model/row-differences.ts";
import type { RowResult, RunPlan } from "../../shared/model/run.ts";
import { createRowDifferences } from "../../shared/report/row-differences.ts";
import type { RowPair } from "../../shared/report/row-flip.ts";
import type { ManagementApi } from "../management-api.ts";
import type { DiffSide } from "./side.ts";

/** How two versions differ on the rows of a suite that both were evaluated on. */
export interface EvaluatedDifference extends RowDifferences {
  suite: string;
  /** The runs that the answers come from. */
  runs: string[];
}

/**
 * The difference on the newest suite that both were evaluated on, from what the runs stored; undefined where there is
 * none. A run that compared the two has both answers; else each comes from its own run. Holds one shard at a time.
 */
export async function evaluatedDifference(
  api: ManagementApi,
  before: DiffSide,
  after: DiffSide,
): Promise<EvaluatedDifference | undefined> {
  if (before.flow !== after.flow || before.version === after.version) return undefined;
  const source =
    (await comparedIn(api, after, before.version, "after")) ??
    (await comparedIn(api, before, after.version, "before")) ??
    (await evaluatedApart(api, before, after));
  if (!source) return undefined;
  const fold = createRowDifferences();
  for (const shard of source.plan.shards.filter((name) => name !== LABELS_SHARD)) {
    const pairs = (await source.pairs(shard)).filter(({ row }) => row.as !== "counterfactual");
    for (const cluster of Map.groupBy(pairs, ({ row }) => row.cluster).values()) fold.add(cluster);
  }
  return { suite: source.plan.suite, runs: source.runs, ...fold.differences() };
}

interface PairSource {
  plan: RunPlan;
  runs: string[];
  pairs(shard: string): Promise<RowPair[]>;
}

/** The side's run whose baseline was the other one. */
async function comparedIn(
  api: ManagementApi,
  { flow, runs }: DiffSide,
  other: string,
  side: "before" | "after",
): Promise<PairSource | undefined> {
  for (const { run } of runs) {
    const { plan, report } = await api.run(flow, run);
    if (plan.baseline !== other || !report) continue;
    return {
      plan,
      runs: [run],
      pairs: async (shard) =>
        (await rowsOf(api, flow, run, shard)).flatMap(({ row, trial, candidate, baseline }) => {
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
  api: ManagementApi,
  before: DiffSide,
  after: DiffSide,
): Promise<PairSource | undefined> {
  const { flow } = after;
  for (const { run, suite } of after.runs) {
    const other = before.runs.find((candidate) => candidate.suite === suite);
    if (!other) continue;
    const { plan } = await api.run(flow, run);
    const otherPlan = (await api.run(flow, other.run)).plan;
    const shards = plan.shards.filter((shard) => otherPlan.shards.includes(shard));
    return {
      plan: { ...plan, shards },
      runs: [other.run, run],
      async pairs(shard) {
        const old = await rowsOf(api, flow, other.run, shard);
        const byName = new Map(old.map((result) => [nameOf(result), result.candidate]));
        const now = await rowsOf(api, flow, run, shard);
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

async function rowsOf(api: ManagementApi, flow: string, run: string, shard: string): Promise<RowResult[]> {
  const rows: RowResult[] = [];
  for (
    let from: { shard: string; offset: number } | undefined = { shard, offset: 0 };
    from?.shard === shard;
  ) {
    const page = await api.rows(flow, run, from);
    rows.push(...page.rows);
    from = page.next;
  }
  return rows;
}
