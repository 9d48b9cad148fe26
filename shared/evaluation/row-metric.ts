import type { RowAnswer } from "../model/run.ts";

/** One metric of one row: its value, and whether the row passes where the metric says so. */
export interface RowMetric {
  value: number;
  passed: boolean | undefined;
}

/** What a row says of a metric, an evaluator's or an operational one; undefined where it has no value. */
export function rowMetric(answer: RowAnswer, metric: string): RowMetric | undefined {
  const { value, passed } = measured(answer, metric);
  return value === null || value === undefined || !Number.isFinite(value) ? undefined : { value, passed };
}

function measured(
  answer: RowAnswer,
  metric: string,
): { value: number | null | undefined; passed: boolean | undefined } {
  const refused = answer.refusal !== undefined;
  const failed = answer.answer === undefined && !refused;
  switch (metric) {
    case "latency":
      return { value: answer.latencyMs, passed: undefined };
    case "input_tokens":
      return { value: answer.inputTokens, passed: undefined };
    case "output_tokens":
      return { value: answer.outputTokens, passed: undefined };
    case "cost":
      return { value: answer.cost, passed: undefined };
    case "errors":
      // What nobody could ask for says nothing of the version: it lacks the value, which is no pass either.
      if (failed && answer.error?.kind === "quota") return { value: undefined, passed: undefined };
      return { value: failed ? 1 : 0, passed: !failed };
    case "refusals":
      return failed ? { value: undefined, passed: undefined } : { value: refused ? 1 : 0, passed: !refused };
    default:
      return answer.scores[metric] ?? { value: undefined, passed: undefined };
  }
}
