import type { SequentialFinding } from "../model/run.ts";

/**
 * Why a run stopped before its quality rows were all in. What was certain is of the quality requirements only: those of
 * safety are judged on all of their rows, and may come out otherwise.
 */
export function stopWords({
  outcome,
  rows,
  ofRows,
  alpha,
}: Omit<SequentialFinding, "claims" | "scope">): string {
  const certain =
    outcome === "pass" ? "that the quality requirements hold" : "that a quality requirement does not hold";
  const error = Number((alpha * 100).toFixed(1));
  return `The run stopped after ${rows} of ${ofRows} quality rows: ${certain} was certain then, at an error of at most ${error} %.`;
}
