import type { ReleaseMark } from "../../../shared/model/flow-traffic.ts";
import { DECISIONS } from "../../data/decision-words.ts";
import { moment } from "../../data/format-time.ts";
import { Badge } from "../badge.tsx";

/** What the numbers on the charts' lines stand for. */
export function ReleaseList({ releases }: { releases: readonly ReleaseMark[] }) {
  if (releases.length === 0) return <p class="quiet">No release changed who serves in this time.</p>;
  return (
    <ol class="release-list">
      {releases.map(({ at, kind, version, weight, actor }, index) => {
        const [tone, words] = DECISIONS[kind];
        return (
          <li key={at + kind}>
            <span class="mark-number">{index + 1}</span>
            <div>
              <time dateTime={at} class="quiet">
                {moment(new Date(at))}
              </time>
              <Badge tone={tone}>{words}</Badge>
              <code class="version">{version}</code>
              {weight !== undefined && weight > 0 && (
                <span>{Number((weight * 100).toFixed(2))} % of sessions</span>
              )}
              {actor !== "system" && <span class="quiet">by {actor}</span>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
