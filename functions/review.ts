import { z } from "zod";
import { decideProposal } from "../pipelines/monitor/decide-proposal.ts";
import { proposeByHand } from "../pipelines/monitor/propose-by-hand.ts";
import { listProposals } from "../pipelines/monitor/list-proposals.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { actorOf } from "./authorise.ts";
import { managementFunction } from "./management-function.ts";

const decisionSchema = z.object({
  decision: z.enum(["accepted", "dropped"]),
  actor: z.string().trim().min(1).max(200),
});

const long = z.string().max(100_000);
const proposalSchema = z.object({
  version: z.string().trim().min(1).max(64),
  fields: z.record(z.string().max(200), z.unknown()),
  answer: long.optional(),
  context: long.optional(),
  note: z.string().trim().max(2000).optional(),
  actor: z.string().trim().min(1).max(200),
});
const turnSchema = z.string().regex(/^[0-9a-f]{32}$/, "turn: 32 hex digits");

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

managementFunction(
  "review-propose",
  "PUT",
  "api/flows/{flow}/review/{turn}",
  async (request, services, caller) => {
    const { flow = "", turn } = request.params;
    const proposed = parseMessage(proposalSchema, await request.json().catch(() => undefined));
    const by = actorOf(caller, proposed.actor);
    return proposeByHand(flow, { ...proposed, turn: parseMessage(turnSchema, turn), by }, services.monitor);
  },
);
