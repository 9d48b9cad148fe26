import type { PauseReason, ReleasePointer } from "../model/release.ts";

const PAUSED: Record<PauseReason, string> = {
  approval: "waits for an approval",
  no_traffic: "is paused: nobody came",
  stale_evidence: "is paused: nothing was heard of the traffic",
  broken_split: "is paused: sessions do not divide as they should",
  time_limit: "is paused: the step's time is over",
  person: "is paused by a person",
};

/** What becomes of the candidate of a release, as the rest of a sentence about it; empty where none is under way. */
export function releaseStateWords(
  { state, canary, rollout, stable }: ReleasePointer,
  formatTime: (at: string) => string,
): string {
  const since = rollout ? `since ${formatTime(rollout.since)}` : "";
  const steps = rollout?.plan.kind === "canary" ? rollout.plan.steps.length : 0;
  const share = canary
    ? `step ${canary.step} of ${steps}, ${Number((canary.weight * 100).toFixed(2))} % of sessions`
    : "";
  switch (state) {
    case "awaiting_approval":
      return `waits for an approval, ${since}; nobody is served by it`;
    case "canary":
      if (canary?.step === 0) return `answers unseen, ${since}`;
      return `is a canary: ${share}, ${since}`;
    case "paused":
      return `${PAUSED[rollout?.paused ?? "person"]}: ${share}, ${since}`;
    case "promoting":
      return "is about to serve everybody";
    case "soaking":
      return `serves everybody and is watched, ${since}`;
    case "aborting":
      return "is being taken back";
    case "blocked":
      return `is blocked, ${since}: ${stable ? `the files of ${stable.version}` : "files"} do not verify`;
    case "idle":
      return "";
  }
  return state satisfies never;
}
