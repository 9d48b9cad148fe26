import type { ProposalList, RowProposal } from "../../shared/model/monitored-turn.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { checkFlow } from "../../shared/registry/flow-status.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { trafficPath } from "../../shared/registry/paths.ts";

/** More are shown once these are decided. */
const MOST = 200;

/** The proposals of a flow that nobody has decided on, oldest first. Throws `NotFoundError` listing the known flows. */
export async function listProposals(store: BlobStore, flow: string): Promise<ProposalList> {
  await checkFlow(store, flow);
  const proposals: RowProposal[] = [];
  for await (const { name } of store.list("traffic", trafficPath.kept(flow, "proposals"))) {
    const proposal = (await readJson<RowProposal>(store, "traffic", name))?.value;
    if (proposal?.row && !proposal.decision) proposals.push(proposal);
    if (proposals.length > MOST) break;
  }
  return { flow, proposals: proposals.slice(0, MOST), more: proposals.length > MOST };
}
