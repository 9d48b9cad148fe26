import type { ReleasePointer } from "../../shared/model/release.ts";
import { releaseStateWords } from "../../shared/report/release-state-words.ts";
import { moment } from "./format-time.ts";

/** What is under way in a release, a sentence each; empty where nothing is. */
export function releaseSentence(release: ReleasePointer): string[] {
  const { rollout, pending, stopped } = release;
  const time = (at: string): string => moment(new Date(at));
  return [
    ...(stopped ? [`Stopped by ${stopped.by} since ${time(stopped.at)}: ${stopped.reason}`] : []),
    // A number and its unit are not torn apart at the end of a line.
    ...(rollout
      ? [`${rollout.candidate.version} ${releaseStateWords(release, time)}.`.replace(/(\d) %/g, "$1\u00A0%")]
      : []),
    ...(pending ? [`${pending.version} waits for its turn.`] : []),
  ];
}
