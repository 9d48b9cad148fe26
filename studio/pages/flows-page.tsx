import type { FlowList, FlowStatus } from "../../shared/model/status.ts";
import { outcomeWords } from "../../shared/report/outcome-words.ts";
import { studioPath } from "../data/location.ts";
import { isAnyUnderWay } from "../data/is-under-way.ts";
import { useLive } from "../data/use-live.ts";
import type { Page } from "../page.ts";
import { ChangeWords } from "../parts/change-words.tsx";
import { FlowState } from "../parts/flow-state.tsx";
import { Moment } from "../parts/moment.tsx";
import { RunBadge } from "../parts/outcome-badge.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { TrafficNow } from "../parts/traffic-now.tsx";
import { VersionLink } from "../parts/version-link.tsx";

export const flowsPage: Page = { path: "/", title: () => "Flows", view: FlowsPage };

function FlowsPage() {
  const live = useLive<FlowList>("/api/flows", { isBusy: isAnyUnderWay });
  return (
    <Loaded live={live} what="the flows">
      {({ flows }) =>
        flows.length === 0 ? (
          <Empty title="No flow was pushed yet">
            <code>flowgate init</code> writes one, <code>flowgate push</code> brings it here.
          </Empty>
        ) : (
          <>
            <h1>Flows</h1>
            <table class="rows cards">
              <caption class="visually-hidden">
                Every flow, what serves, and what became of its last change
              </caption>
              <thead>
                <tr>
                  <th scope="col">Flow</th>
                  <th scope="col">State</th>
                  <th scope="col">Serves</th>
                  <th scope="col">Traffic</th>
                  <th scope="col">Last change</th>
                  <th scope="col">Last verdict</th>
                </tr>
              </thead>
              <tbody>
                {flows.map((status) => (
                  <FlowRow key={status.flow} status={status} />
                ))}
              </tbody>
            </table>
          </>
        )
      }
    </Loaded>
  );
}

function FlowRow({ status }: { status: FlowStatus }) {
  const { flow, release, change, run } = status;
  return (
    <tr>
      <th scope="row">
        <a href={studioPath(["flows", flow])}>{flow}</a>
      </th>
      <td data-name="State">
        <FlowState status={status} />
      </td>
      <td data-name="Serves">
        {release?.stable ? (
          <>
            {release.stopped && <span class="fail">nobody is served: stopped. </span>}
            <VersionLink flow={flow} version={release.stable.version} run={release.stable.run} />{" "}
            <span class="quiet">
              {release.stopped ? (
                "would answer"
              ) : (
                <>
                  since <Moment at={release.stable.since} />
                </>
              )}
            </span>
          </>
        ) : (
          <span class="quiet">nothing yet: no version has passed</span>
        )}
      </td>
      <td data-name="Traffic">
        <TrafficNow flow={flow} />
      </td>
      <td data-name="Last change">
        {change ? <ChangeWords change={change} /> : <span class="quiet">none</span>}
      </td>
      <td data-name="Last verdict">
        {run ? (
          <a href={studioPath(["flows", flow, "runs", run.plan.id])} class="verdict">
            <RunBadge run={run} />
            {run.verdict && <span class="quiet small">{outcomeWords(run.verdict)}</span>}
          </a>
        ) : (
          <span class="quiet">
            {change?.outcome.kind === "refused" ? "none: a refused change is not judged" : "none yet"}
          </span>
        )}
      </td>
    </tr>
  );
}
