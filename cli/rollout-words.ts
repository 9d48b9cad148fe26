import type { CanaryRollout } from "../shared/model/flow.ts";
import type { ReleasePointer } from "../shared/model/release.ts";
import type { RolloutProgress } from "../shared/model/status.ts";
import { formatTime } from "./format-time.ts";

/** What the sessions of a rollout's step show so far, and what it needs to go on. Empty where it serves nobody yet. */
export function rolloutWords(
  { rollout, canary, state }: ReleasePointer,
  progress: RolloutProgress,
): string[] {
  const isServing = state === "canary" || state === "soaking" || state === "paused";
  if (!isServing || rollout?.plan.kind !== "canary" || rollout.id !== progress.rolloutId) return [];
  const { minSessions, minTimeMs, soakMs } = rollout.plan;
  const { sessions, defects, boundary, shadow } = progress;
  if (canary?.step === 0) return shadow ? [shadowWords(shadow, rollout.plan)] : [];
  const since = state === "soaking" ? rollout.since : (canary?.since ?? rollout.since);
  const until = new Date(Date.parse(since) + (state === "soaking" ? soakMs : minTimeMs)).toISOString();
  const beside = state === "soaking" ? "" : `, ${sessions.stable} of the stable version beside them`;
  const needs = `${sessions.canary} sessions of the ${minSessions} that this step needs${beside}`;
  const told = defects.map(
    ({ defect, canary: own, stable, evidence }) =>
      `${defect} in ${own} (stable version: ${stable}), evidence ${Number(evidence.toPrecision(2))}`,
  );
  const nothing =
    sessions.canary + sessions.stable === 0
      ? "no session was counted yet: each is, some seconds after it was served"
      : "nothing was wrong with any session";
  return [
    state === "paused" ? needs : `${needs}; it lasts until ${formatTime(until)} at least`,
    told.length === 0 ? nothing : `${told.join("; ")}: at ${Math.round(boundary)} it is taken back`,
  ];
}

/** Nobody is served at this step: what counts are turns that both answered. */
function shadowWords(
  { turns, wins }: NonNullable<RolloutProgress["shadow"]>,
  { shadow }: CanaryRollout,
): string {
  const compared = `${turns} turns that both answered, of the ${shadow?.minTurns ?? 0} that are needed at least`;
  return wins === null
    ? compared
    : `${compared}; the candidate's share of wins is ${Math.round(100 * wins)} %`;
}
