import type { ReleasePointer } from "../../shared/model/release.ts";
import type { FlowHistory, FlowStatus, ReleaseProgress, RolloutProgress } from "../../shared/model/status.ts";
import { flowApi } from "../data/api.ts";
import { isUnderWay } from "../data/is-under-way.ts";
import { studioPath } from "../data/location.ts";
import { releaseSentence } from "../data/release-sentence.ts";
import { useLive } from "../data/use-live.ts";
import type { Page } from "../page.ts";
import { CommitWords } from "../parts/change-words.tsx";
import { FlowState } from "../parts/flow-state.tsx";
import { Moment } from "../parts/moment.tsx";
import { ReleaseButtons } from "../parts/release-buttons.tsx";
import { RolloutEvidence } from "../parts/rollout-evidence.tsx";
import { RolloutSteps } from "../parts/rollout-steps.tsx";
import { ScorecardLinks } from "../parts/scorecard-links.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { TimeLine } from "../parts/time-line.tsx";
import { VersionLink } from "../parts/version-link.tsx";

export const releasePage: Page = {
  path: "/flows/{flow}/release",
  title: ({ flow = "" }) => `Release of ${flow}`,
  tab: { label: "Release" },
  view: ReleasePage,
};

const SHOWN_DECISIONS = 12;

/** Which version serves whom, what the traffic says of a rollout, and what a person can do. */
function ReleasePage({ parameters: { flow = "" } }: { parameters: Record<string, string> }) {
  const status = useLive<FlowStatus>(flowApi(flow), { isBusy: isUnderWay });
  const busy = status.value !== undefined && isUnderWay(status.value);
  const everyMs = busy ? 1_000 : 5_000;
  const progress = useLive<ReleaseProgress>(flowApi(flow, "release"), { everyMs });
  const history = useLive<FlowHistory>(`${flowApi(flow, "history")}?top=${SHOWN_DECISIONS}`, { everyMs });
  const rollout = status.value?.release?.rollout;
  const shown = progress.value?.rollout?.rolloutId === rollout?.id ? progress.value?.rollout : undefined;
  function refresh(): void {
    status.refresh();
    progress.refresh();
    history.refresh();
  }
  return (
    <Loaded live={status} what="the release">
      {(value) =>
        value.release === undefined ? (
          <Empty title="Nothing was released yet">The first version that passes serves everybody.</Empty>
        ) : (
          <>
            <ReleaseNow status={value} onDone={refresh} />
            {shown && value.release.rollout && hasServed(value.release, shown) && (
              <RolloutEvidence rollout={value.release.rollout} progress={shown} />
            )}
            <h2>Latest decisions</h2>
            <Loaded live={history} what="the decisions">
              {({ entries }) => <TimeLine flow={flow} entries={entries} />}
            </Loaded>
          </>
        )
      }
    </Loaded>
  );
}

/** Whether there is anything to wait for: of a candidate that waits for an approval, or is blocked before its first step, there is not. */
function hasServed({ canary, state }: ReleasePointer, { arrivals }: RolloutProgress): boolean {
  return canary !== undefined || state === "soaking" || arrivals.length > 0;
}

function ReleaseNow({ status, onDone }: { status: FlowStatus; onDone: () => void }) {
  const { flow, release } = status;
  if (!release) return null;
  const { stable, previous, rollout } = release;
  const sentences = releaseSentence(release);
  return (
    <section class="tile release-now" aria-labelledby="release-title">
      <div class="title-line">
        <h1 id="release-title">{rollout ? `Rollout of ${rollout.candidate.version}` : "Release"}</h1>
        <FlowState status={status} />
      </div>
      {/* Always there, so that what comes into it is told. */}
      <div role="status">
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      {rollout && <CommitWords commit={rollout.candidate.commit} />}
      <dl class="facts">
        <div>
          <dt>{release.stopped ? "Serves once it is no longer stopped" : "Production serves"}</dt>
          <dd>
            {stable ? (
              <>
                <VersionLink flow={flow} version={stable.version} run={stable.run} />{" "}
                {!release.stopped && (
                  <span class="quiet">
                    since <Moment at={stable.since} />
                  </span>
                )}
                <div class="links small">
                  <ScorecardLinks flow={flow} version={stable.version} />
                </div>
              </>
            ) : (
              "nothing"
            )}
          </dd>
        </div>
        {rollout && (
          <div>
            <dt>Candidate</dt>
            <dd>
              <VersionLink flow={flow} version={rollout.candidate.version} run={rollout.candidate.run} />
              <div class="links small">
                {rollout.baseline !== undefined && (
                  <a
                    href={studioPath(["flows", flow, "compare"], {
                      before: rollout.baseline,
                      after: rollout.candidate.version,
                    })}
                  >
                    Compare
                  </a>
                )}
                <ScorecardLinks flow={flow} version={rollout.candidate.version} />
              </div>
            </dd>
          </div>
        )}
        {previous && (
          <div>
            <dt>Before it</dt>
            <dd>
              <VersionLink flow={flow} version={previous.version} run={previous.run} />
            </dd>
          </div>
        )}
      </dl>
      <RolloutSteps release={release} />
      <ReleaseButtons status={status} onDone={onDone} />
    </section>
  );
}
