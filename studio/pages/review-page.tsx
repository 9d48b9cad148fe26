import { useEffect, useRef, useState } from "preact/hooks";
import type { ProposalList } from "../../shared/model/monitored-turn.ts";
import type { FlowStatus, RunDetail } from "../../shared/model/status.ts";
import { flowApi } from "../data/api.ts";
import { studioPath } from "../data/location.ts";
import { useLive } from "../data/use-live.ts";
import type { Page } from "../page.ts";
import { AcceptedRows } from "../parts/accepted-rows.tsx";
import { Evidence } from "../parts/evidence.tsx";
import { Proposal } from "../parts/proposal.tsx";
import { Loaded } from "../parts/states.tsx";

export const reviewPage: Page = {
  path: "/flows/{flow}/review",
  title: ({ flow = "" }) => `Review of ${flow}`,
  tab: { label: "Review", needs: "operator" },
  view: ReviewPage,
};

/** Turns of production that wait to become rows, and where people and judges disagree. */
function ReviewPage({ parameters: { flow = "" } }: { parameters: Record<string, string> }) {
  // A row is taken over as it was asked, whatever its characters.
  const live = useLive<ProposalList>(flowApi(flow, "review"), { isExact: true });
  const [decided, setDecided] = useState("");
  const said = useRef<HTMLParagraphElement>(null);
  // The turn goes, and its buttons with it.
  useEffect(() => said.current?.focus(), [decided]);
  function onDecided(words: string): void {
    setDecided(words);
    live.refresh();
  }
  return (
    <Loaded live={live} what="the review">
      {({ proposals, more }) => (
        <>
          <h1>Review</h1>
          <div role="status">
            {decided !== "" && (
              <p class="said measure" tabIndex={-1} ref={said}>
                {decided}
              </p>
            )}
          </div>
          <AcceptedRows flow={flow} />
          <h2>Turns that wait to become rows</h2>
          {proposals.length === 0 ? (
            <p class="quiet measure">
              Nothing is proposed. Of a flow with <code>monitoring</code> in its flow.yaml, turns that users
              dislike or that score badly come here.
            </p>
          ) : (
            <p class="quiet small">
              {proposals.length} {more ? "are shown, and there are more" : "in all"}, oldest first.
            </p>
          )}
          {proposals.map((proposal) => (
            <Proposal key={proposal.turn} proposal={proposal} onDecided={onDecided} />
          ))}
          <Disagreements flow={flow} />
        </>
      )}
    </Loaded>
  );
}

/** Of the run that let the serving version in. */
function Disagreements({ flow }: { flow: string }) {
  const run = useLive<FlowStatus>(flowApi(flow)).value?.release?.stable?.run;
  const detail = useLive<RunDetail>(run === undefined ? undefined : flowApi(flow, "runs", run), {
    everyMs: 60_000,
  }).value;
  const judged = detail?.view?.evidence.filter(({ entries }) => entries.length > 0) ?? [];
  return (
    <>
      <h2>Where judges and people disagree</h2>
      {judged.length === 0 || run === undefined ? (
        <p class="quiet measure">
          No disagreement is known of the version that serves. <code>flowgate label</code> lets people score
          answers that the judge scores too.
        </p>
      ) : (
        <>
          <p class="small">
            As <a href={studioPath(["flows", flow, "runs", run])}>the run that let the serving version in</a>{" "}
            found it.
          </p>
          <Evidence sections={judged} />
        </>
      )}
    </>
  );
}
