import type { FlowStatus } from "../../shared/model/status.ts";
import { outcomeWords } from "../../shared/report/outcome-words.ts";
import { studioPath } from "../data/location.ts";
import { CommitWords } from "./change-words.tsx";
import { Diagnostics } from "./diagnostics.tsx";
import { Moment } from "./moment.tsx";
import { RunBadge } from "./outcome-badge.tsx";
import { releaseSentence } from "../data/release-sentence.ts";
import { RunProgress } from "./run-progress.tsx";
import { VersionLink } from "./version-link.tsx";

/** How a flow stands: what serves, what its last change became, and what is being rolled out. */
export function FlowNow({ status }: { status: FlowStatus }) {
  const { flow, release, change, run, earlierRun } = status;
  return (
    <div class="tiles">
      <section class="tile" aria-labelledby="now-serves">
        <h2 id="now-serves">{release?.stopped ? "Production serves nobody" : "Production serves"}</h2>
        {release?.stable ? (
          <>
            <p class="big">
              <VersionLink flow={flow} version={release.stable.version} run={release.stable.run} />
            </p>
            <p class="quiet">
              {release.stopped ? (
                "would answer: the flow is stopped"
              ) : (
                <>
                  since <Moment at={release.stable.since} />
                </>
              )}
            </p>
          </>
        ) : (
          <p class="quiet">Nothing yet: no version has passed.</p>
        )}
        {release?.previous && (
          <p class="quiet small">
            before it{" "}
            <VersionLink flow={flow} version={release.previous.version} run={release.previous.run} />
          </p>
        )}
      </section>
      <section class="tile" aria-labelledby="now-change">
        <h2 id="now-change">Last change</h2>
        {change ? (
          <>
            <p>
              {change.outcome.kind === "accepted" ? (
                <VersionLink flow={flow} version={change.outcome.version} run={run?.plan.id} />
              ) : (
                <strong class={change.outcome.kind === "refused" ? "fail" : "open"}>
                  {change.outcome.kind === "refused" ? "Refused" : "The flow’s files were deleted"}
                </strong>
              )}{" "}
              <span class="quiet">
                <Moment at={change.at} />
              </span>
            </p>
            <CommitWords commit={change.commit} />
            {change.outcome.kind === "refused" && <p class="quiet">Production is untouched.</p>}
          </>
        ) : (
          <p class="quiet">None was read yet.</p>
        )}
      </section>
      <section class="tile" aria-labelledby="now-verdict">
        <h2 id="now-verdict">Last verdict</h2>
        {run ? (
          <>
            <p>
              <a href={studioPath(["flows", flow, "runs", run.plan.id])}>
                <RunBadge run={run} />
              </a>
            </p>
            {run.verdict ? <p>{capital(outcomeWords(run.verdict))}.</p> : <RunProgress run={run} />}
          </>
        ) : (
          <p class="quiet">
            {change?.outcome.kind === "refused" ? "A refused change is not judged." : "None yet."}
          </p>
        )}
        {earlierRun && (
          <>
            <p>
              The change before it is judged:{" "}
              <a href={studioPath(["flows", flow, "runs", earlierRun.plan.id])}>
                <RunBadge run={earlierRun} />
              </a>
            </p>
            <RunProgress run={earlierRun} />
          </>
        )}
      </section>
      {release && (release.rollout || release.stopped || release.pending) && (
        <section class="tile" aria-labelledby="now-release">
          <h2 id="now-release">Release</h2>
          {releaseSentence(release).map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <p>
            <a href={studioPath(["flows", flow, "release"])}>See the release</a>
          </p>
        </section>
      )}
      {change?.outcome.kind === "refused" && (
        <section class="tile whole" aria-labelledby="now-refused">
          <h2 id="now-refused">Why the last change was refused</h2>
          <Diagnostics diagnostics={change.outcome.diagnostics} />
        </section>
      )}
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
