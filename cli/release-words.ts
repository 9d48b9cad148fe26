import type { ReleasePointer } from "../shared/model/release.ts";
import { versionName } from "../shared/model/version.ts";
import { releaseStateWords } from "../shared/report/release-state-words.ts";
import { formatTime } from "./format-time.ts";
import { excerpt } from "./plain-text.ts";

/** What is under way in a release and what a person can do about it, a line each. Empty where nothing is. */
export function releaseWords(release: ReleasePointer): string[] {
  const { flow, rollout, pending, stopped } = release;
  const off = stopped
    ? [
        `stopped by ${excerpt(stopped.by, 80)} since ${formatTime(stopped.at)}: ${excerpt(stopped.reason, 200)} (flowgate serve ${flow} --reason "...")`,
      ]
    : [];
  const waiting = pending ? [`${versionName(flow, pending.version)} waits for its turn`] : [];
  if (!rollout) return [...off, ...waiting];
  const version = versionName(flow, rollout.candidate.version);
  return [
    ...off,
    `${version} ${releaseStateWords(release, formatTime)} (rollout ${rollout.id})`,
    ...nextWords(release),
    ...waiting,
  ];
}

function nextWords({ flow, state, rollout }: ReleasePointer): string[] {
  const command = (verb: string): string => `flowgate ${verb} ${flow} --reason "..."`;
  if (state === "awaiting_approval" || rollout?.paused === "approval") {
    return [`${command("approve")}, or abort`];
  }
  if (state === "paused") return [`${command("resume")}, or abort`];
  return state === "blocked" ? [`restore the files, or ${command("promote")}`] : [];
}
