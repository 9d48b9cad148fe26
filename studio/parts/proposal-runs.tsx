import type { FlowProposals, ProposalStatus } from "../../shared/model/status.ts";
import { flowApi } from "../data/api.ts";
import { studioPath } from "../data/location.ts";
import { useLive } from "../data/use-live.ts";
import { ChangeWords } from "./change-words.tsx";
import { RunBadge } from "./outcome-badge.tsx";
import { RefusalDetails } from "./refusal-details.tsx";

const EVERY_MS = 15_000;

/** What pull requests propose, each leading to its run; nothing where there are none. */
export function ProposalRuns({ flow }: { flow: string }) {
  const { value } = useLive<FlowProposals>(flowApi(flow, "proposals"), { everyMs: EVERY_MS });
  if (value === undefined || value.proposals.length === 0) return null;
  return (
    <section aria-labelledby="proposals">
      <h2 id="proposals">Proposals of pull requests</h2>
      <table class="rows cards">
        <caption class="visually-hidden">What pull requests propose; none of it is released</caption>
        <thead>
          <tr>
            <th scope="col">Proposal</th>
            <th scope="col">Last change</th>
            <th scope="col">What became of it</th>
          </tr>
        </thead>
        <tbody>
          {value.proposals.map((proposal) => (
            <Proposed key={proposal.proposal} flow={flow} status={proposal} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Proposed({ flow, status: { proposal, change, run } }: { flow: string; status: ProposalStatus }) {
  return (
    <tr>
      <th scope="row">
        {run ? <a href={studioPath(["flows", flow, "runs", run.plan.id])}>{proposal}</a> : proposal}
      </th>
      <td data-name="Last change">{change && <ChangeWords change={change} />}</td>
      <td data-name="What became of it">
        {change?.outcome.kind === "refused" ? (
          <RefusalDetails diagnostics={change.outcome.diagnostics} />
        ) : run ? (
          <RunBadge run={run} />
        ) : (
          <span class="quiet">no run yet</span>
        )}
      </td>
    </tr>
  );
}
