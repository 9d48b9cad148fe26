import type { PauseReason, ReleasePointer } from "../model/release.ts";
import { cutText } from "./plain-characters.ts";

const MOST_CHARACTERS = 200;

const PAUSED: Record<PauseReason, string> = {
  approval: "waits for an approval",
  no_traffic: "is paused: nobody came",
  stale_evidence: "is paused: nothing was heard of the traffic",
  broken_split: "is paused: sessions do not divide as they should",
  time_limit: "is paused: the step's time is over",
  person: "is paused by a person",
};

/** What becomes of the candidate of a release, as the rest of a sentence about it; empty where none is under way. */
export function releaseStateWords(pointer: ReleasePointer, formatTime: (at: string) => string): string {
  const { state, canary, rollout, stable } = pointer;
  const since = rollout ? `since ${formatTime(rollout.since)}` : "";
  const steps = rollout?.plan.kind === "canary" ? rollout.plan.steps.length : 0;
  const share = canary
    ? canary.step === 0
      ? "unseen, before its first step"
      : `step ${canary.step} of ${steps}, ${Number((canary.weight * 100).toFixed(2))} % of sessions`
    : "";
  switch (state) {
    case "awaiting_approval":
      return `waits for an approval, ${since}; nobody is served by it; without a decision it is rejected at ${expiry(pointer, formatTime)}`;
    case "canary":
      if (canary?.step === 0) return `answers unseen, ${since}`;
      return `is a canary: ${share}, ${since}`;
    case "paused":
      return `${pausedWords(pointer)}: ${share}, ${since}; without a decision it is taken back at ${expiry(pointer, formatTime)}`;
    case "promoting":
      return "is about to serve everybody";
    case "soaking":
      return `serves everybody and is watched, ${since}`;
    case "aborting":
      return "is being taken back";
    case "blocked":
      return `is blocked, ${since}: ${stable ? `the files of ${stable.version}` : "files"} are missing or altered, so there would be no way back`;
    case "idle":
      return "";
  }
  return state satisfies never;
}

/** Who paused it and why, where that is the last that was decided. */
function pausedWords({ rollout, entry }: ReleasePointer): string {
  const why = rollout?.paused ?? "person";
  if (why !== "person" || entry.kind !== "paused") return PAUSED[why];
  const [actor, reason] = [entry.actor, entry.reason].map((text) =>
    cutText(text.replace(/\s+/g, " "), MOST_CHARACTERS),
  );
  return `is paused by ${actor} (“${reason}”)`;
}

/** When nobody's decision is one. */
function expiry({ rollout }: ReleasePointer, formatTime: (at: string) => string): string {
  const expiresMs = rollout?.plan.kind === "canary" ? rollout.plan.expiresMs : 0;
  return formatTime(new Date(Date.parse(rollout?.since ?? "") + expiresMs).toISOString());
}
