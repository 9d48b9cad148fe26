import type { RowAnswer } from "../../shared/model/run.ts";

/** One metric of one answer: undefined where it has none, null where it could not be scored. */
export interface CellValue {
  value: number | null;
  passed: boolean | undefined;
}

/** The metrics of an answer beside its scores. */
export const OPERATIONAL = ["latency", "input_tokens", "output_tokens", "cost"] as const;

export function cellOf(answer: RowAnswer | undefined, metric: string): CellValue | undefined {
  if (!answer) return undefined;
  const measured: Record<string, number | undefined> = {
    latency: answer.latencyMs,
    input_tokens: answer.inputTokens,
    output_tokens: answer.outputTokens,
    cost: answer.cost,
  };
  if (metric in measured) {
    const value = measured[metric];
    return value === undefined ? undefined : { value, passed: undefined };
  }
  const score = answer.scores[metric];
  return score && { value: score.value, passed: score.value === null ? false : score.passed };
}

/** Whether nothing of an answer failed: it is there, and every score passes, which one that is none does not. */
export function isClean({ answer, scores }: RowAnswer): boolean {
  return answer !== undefined && Object.values(scores).every(({ passed }) => passed === true);
}
