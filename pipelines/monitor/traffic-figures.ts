import type { DurationFigures, TrafficFigures } from "../../shared/model/flow-traffic.ts";
import { BLOCKED, isFailure } from "../../shared/model/turn-outcome.ts";
import type { Counts, TrafficMeasures } from "../../shared/model/traffic.ts";
import { durationAt } from "../../shared/statistics/duration-counts.ts";

/** What is shown of sums. */
export function trafficFigures(measures: TrafficMeasures): TrafficFigures {
  const { outcomes, guardrails, inputTokens, outputTokens, cost, unpriced, feedback } = measures;
  const turnsOf = (which: (outcome: string) => boolean): number =>
    Object.entries(outcomes).reduce((sum, [outcome, count]) => (which(outcome) ? sum + count : sum), 0);
  return {
    turns: turnsOf(() => true),
    failed: turnsOf(isFailure),
    blocked: outcomes[BLOCKED] ?? 0,
    duration: durationFigures(measures.duration),
    firstToken: durationFigures(measures.firstToken),
    inputTokens,
    outputTokens,
    cost,
    unpriced,
    outcomes,
    guardrails,
    feedback,
  };
}

function durationFigures(counts: Counts): DurationFigures | undefined {
  const p50 = durationAt(counts, 0.5);
  const p95 = durationAt(counts, 0.95);
  const p99 = durationAt(counts, 0.99);
  return p50 === undefined || p95 === undefined || p99 === undefined ? undefined : { p50, p95, p99 };
}
