import type { RowResult } from "../../shared/model/run.ts";

const KEPT = 10;

/** Keeps the rows that most need a reader: failed ones first, then those with most failed and lowest scores. What `unmeasured` names says nothing. */
export function createWorstRows(unmeasured: readonly string[] = []): {
  add(result: RowResult): void;
  rows(): RowResult[];
} {
  let kept: { result: RowResult; badness: number }[] = [];
  return {
    add(result) {
      const badness = badnessOf(result, unmeasured);
      if (badness === 0) return;
      kept.push({ result, badness });
      if (kept.length > KEPT * 4) kept = keepWorst(kept);
    },
    rows: () => keepWorst(kept).map(({ result }) => result),
  };
}

/** Failed scores weigh most; a missing score or answer counts as failed; ties go by how low the scores are. */
function badnessOf({ candidate }: RowResult, unmeasured: readonly string[]): number {
  if (candidate.answer === undefined && candidate.refusal === undefined) return Number.MAX_SAFE_INTEGER;
  const scores = Object.entries(candidate.scores).flatMap(([name, score]) =>
    unmeasured.includes(name) ? [] : score,
  );
  const failed = scores.filter((score) => score.passed !== true).length;
  if (failed === 0) return 0;
  const lowness = scores.reduce((sum, score) => sum + 1 / (1 + Math.max(0, score.value ?? 0)), 0);
  return failed + lowness / (scores.length + 1);
}

function keepWorst(rows: { result: RowResult; badness: number }[]): { result: RowResult; badness: number }[] {
  return rows
    .toSorted((a, b) => b.badness - a.badness || (a.result.row.id < b.result.row.id ? -1 : 1))
    .slice(0, KEPT);
}
