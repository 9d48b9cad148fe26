import type { FlowProposals } from "../model/status.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { checkFlow, flowStatus } from "./flow-status.ts";
import { registryPath } from "./paths.ts";

/** That are read, of the highest numbers: `pr-12` is newer than `pr-9`. */
const MOST = 50;

/** What pull requests propose of a flow, the newest change first. Throws `NotFoundError` listing the known flows. */
export async function flowProposals(store: BlobStore, flow: string): Promise<FlowProposals> {
  await checkFlow(store, flow);
  const folders = await store.listFolders("registry", registryPath.proposals(flow));
  const newest = folders
    .toSorted((one, other) => other.localeCompare(one, "en", { numeric: true }))
    .slice(0, MOST);
  const proposals = await Promise.all(
    newest.map(async (proposal) => ({ proposal, ...(await flowStatus(store, flow, proposal)) })),
  );
  return {
    flow,
    proposals: proposals.toSorted(
      (one, other) => Date.parse(other.change?.at ?? "") - Date.parse(one.change?.at ?? ""),
    ),
  };
}
