import { decideProposal } from "../pipelines/monitor/decide-proposal.ts";
import { proposeByHand } from "../pipelines/monitor/propose-by-hand.ts";
import { listProposals } from "../pipelines/monitor/list-proposals.ts";
import {
  reviewDecisionSchema,
  reviewProposalSchema,
  turnNameSchema,
} from "../shared/messages/management-requests.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { actorOf } from "./authorise.ts";
import { managementFunction } from "./management-function.ts";

// What users said is for those who act on it, not for every reader.
managementFunction(
  "review-list",
  "GET",
  "api/flows/{flow}/review",
  (request, { store }) => listProposals(store, request.params["flow"] ?? ""),
  "operator",
);

managementFunction(
  "review-decide",
  "POST",
  "api/flows/{flow}/review/{turn}",
  async (request, { store, monitor }, caller) => {
    const { decision, actor } = parseMessage(
      reviewDecisionSchema,
      await request.json().catch(() => undefined),
    );
    const { flow = "", turn = "" } = request.params;
    const at = monitor.clock.now().toISOString();
    return decideProposal(store, flow, turn, { kind: decision, by: actorOf(caller, actor), at });
  },
);

managementFunction(
  "review-propose",
  "PUT",
  "api/flows/{flow}/review/{turn}",
  async (request, services, caller) => {
    const { flow = "", turn } = request.params;
    const proposed = parseMessage(reviewProposalSchema, await request.json().catch(() => undefined));
    const by = actorOf(caller, proposed.actor);
    return proposeByHand(
      flow,
      { ...proposed, turn: parseMessage(turnNameSchema, turn), by },
      services.monitor,
    );
  },
);
