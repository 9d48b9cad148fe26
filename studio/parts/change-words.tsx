import type { IntakeState } from "../../shared/model/intake.ts";
import type { Commit } from "../../shared/model/version.ts";
import { Moment } from "./moment.tsx";

/** When something changed, who did it and in which commit, and what became of it where that is no version. */
export function ChangeWords({ change }: { change: IntakeState }) {
  const { at, commit, outcome } = change;
  return (
    <div class="change">
      <div>
        {outcome.kind === "refused" && <strong class="fail">refused </strong>}
        {outcome.kind === "deleted" && <strong class="open">files deleted </strong>}
        <Moment at={at} />
      </div>
      <CommitWords commit={commit} />
    </div>
  );
}

/** `Ada · main@1a2b3c4 · message`, as far as it is known. */
export function CommitWords({ commit }: { commit: Commit | undefined }) {
  const { author, branch, commit: hash, message, pullRequest } = commit ?? {};
  const shortHash = hash?.replace(/^([0-9a-f]{7})[0-9a-f]*/, "$1");
  const place = [branch, shortHash].filter((part) => part !== undefined).join("@");
  const name = author?.replace(/\s*<[^>]*>$/, "");
  const parts = [name, place, pullRequest === undefined ? undefined : `pull request ${pullRequest}`].filter(
    (part) => part !== undefined && part !== "",
  );
  if (parts.length === 0 && message === undefined) return null;
  return (
    <div class="commit small">
      {message !== undefined && <span class="message">{message.split("\n")[0]}</span>}
      {parts.length > 0 && <span class="quiet">{parts.join(" · ")}</span>}
    </div>
  );
}
