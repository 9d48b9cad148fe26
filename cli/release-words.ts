import type { PauseReason, ReleasePointer } from "../shared/model/release.ts";
import { versionName } from "../shared/model/version.ts";
import { formatTime } from "./format-time.ts";
import { excerpt } from "./plain-text.ts";

/** What is under way in a release and what a person can do about it, a line each. Empty where nothing is. */
export function releaseWords(release: ReleasePointer): string[] {
  const { flow, rollout, pending, stopped } = release;
  const off = stopped
    ? [
        `stopped by ${excerpt(stopped.by, 80)} since ${formatTime(stopped.at)}: ${excerpt(stopped.reason, 200)} (flowgate serve ${flow})`,
      ]
    : [];
  const waiting = pending ? [`${versionName(flow, pending.version)} waits for its turn`] : [];
  if (!rollout) return [...off, ...waiting];
  const version = versionName(flow, rollout.candidate.version);
  return [
    ...off,
    `${version} ${stateWords(release)} (rollout ${rollout.id})`,
    ...nextWords(release),
    ...waiting,
  ];
}

const PAUSED: Record<PauseReason, string> = {
  approval: "waits for an approval",
  no_traffic: "is paused: nobody came",
  stale_evidence: "is paused: nothing was heard of the traffic",
  broken_split: "is paused: sessions do not divide as they should",
  time_limit: "is paused: the step's time is over",
  person: "is paused by a person",
};

function stateWords({ state, canary, rollout, stable }: ReleasePointer): string {
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

function nextWords({ flow, state, rollout }: ReleasePointer): string[] {
  const command = (verb: string): string => `flowgate ${verb} ${flow} --reason "..."`;
  if (state === "awaiting_approval" || rollout?.paused === "approval") {
    return [`${command("approve")}, or abort`];
  }
  if (state === "paused") return [`${command("resume")}, or abort`];
  return state === "blocked" ? [`restore the files, or ${command("promote")}`] : [];
}
