import { countDuration } from "../statistics/duration-counts.ts";
import { ANSWERED } from "./turn-outcome.ts";
import type { MeasuredTurn } from "./traffic-recorder.ts";
import type { Counts, TrafficMeasures } from "./traffic.ts";

export function newMeasures(): TrafficMeasures {
  return {
    outcomes: {},
    guardrails: {},
    duration: {},
    firstToken: {},
    inputTokens: 0,
    outputTokens: 0,
    cost: 0,
    unpriced: 0,
    feedback: { up: 0, down: 0 },
  };
}

/** Adds one turn. Only answers tell how fast answers are: a refusal is fast, a timeout says nothing but its bound. */
export function measureTurn(measures: TrafficMeasures, turn: MeasuredTurn): void {
  const { outcome, guardrail, usage, cost, firstTokenMs } = turn;
  measures.outcomes[outcome] = (measures.outcomes[outcome] ?? 0) + 1;
  if (guardrail !== undefined) measures.guardrails[guardrail] = (measures.guardrails[guardrail] ?? 0) + 1;
  if (outcome === ANSWERED) {
    countDuration(measures.duration, turn.durationMs);
    if (firstTokenMs !== undefined) countDuration(measures.firstToken, firstTokenMs);
  }
  measures.inputTokens += usage?.inputTokens ?? 0;
  measures.outputTokens += usage?.outputTokens ?? 0;
  if (cost === undefined) measures.unpriced += 1;
  else measures.cost += cost;
}

/** Adds `from` to `into`. */
export function addMeasures(into: TrafficMeasures, from: TrafficMeasures): void {
  for (const counted of ["outcomes", "guardrails", "duration", "firstToken"] as const) {
    addCounts(into[counted], from[counted]);
  }
  for (const sum of ["inputTokens", "outputTokens", "cost", "unpriced"] as const) into[sum] += from[sum];
  into.feedback.up += from.feedback.up;
  into.feedback.down += from.feedback.down;
}

function addCounts(into: Counts, from: Counts): void {
  for (const [name, count] of Object.entries(from)) into[name] = (into[name] ?? 0) + count;
}
