import { z } from "zod";
import { decideProposal } from "../pipelines/monitor/decide-proposal.ts";
import { listProposals } from "../pipelines/monitor/list-proposals.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { actorOf } from "./authorise.ts";
import { managementFunction } from "./management-function.ts";

const decisionSchema = z.object({
  decision: z.enum(["accepted", "dropped"]),
  actor: z.string().trim().min(1).max(200),
});

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
    const { decision, actor } = parseMessage(decisionSchema, await request.json().catch(() => undefined));
    const { flow = "", turn = "" } = request.params;
    const at = monitor.clock.now().toISOString();
    return decideProposal(store, flow, turn, { kind: decision, by: actorOf(caller, actor), at });
  },
);
