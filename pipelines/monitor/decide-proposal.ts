import { ConflictError, NotFoundError } from "../../shared/errors.ts";
import { isFlowName } from "../../shared/model/flow-name.ts";
import type { ProposalDecision, ProposalReason, RowProposal } from "../../shared/model/monitored-turn.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { readJson, replaceJson } from "../../shared/registry/json-blob.ts";
import { trafficPath } from "../../shared/registry/paths.ts";

const ATTEMPTS = 5;

/**
 * Remembers what a person decided of a proposal, and forgets what it showed. The same decision again changes nothing.
 * Throws `NotFoundError`, and `ConflictError` where somebody has decided otherwise.
 */
export async function decideProposal(
  store: BlobStore,
  flow: string,
  turn: string,
  decision: ProposalDecision,
): Promise<RowProposal> {
  const name = isFlowName(flow) && /^[0-9a-f]{32}$/.test(turn) ? nameOf(flow, turn) : undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const known = name === undefined ? undefined : await readJson<RowProposal>(store, "traffic", name);
    if (name === undefined || !known) throw new NotFoundError(`Flow "${flow}" has no proposal ${turn}.`);
    const before = known.value.decision;
    if (before?.kind === decision.kind) return known.value;
    if (before) throw new ConflictError(`${before.by} has ${before.kind} this proposal already.`);
    const decided: RowProposal = {
      ...known.value,
      why: known.value.why.map(withoutWords),
      row: undefined,
      decision,
    };
    if (await replaceJson(store, "traffic", name, decided, known.etag)) return decided;
  }
  throw new ConflictError("Others write this proposal all the time. Try again.");
}

/** What was said is kept no longer than it takes to decide. */
function withoutWords(reason: ProposalReason): ProposalReason {
  if (reason.kind === "thumbs_down") return { ...reason, comment: undefined };
  if (reason.kind === "person") return { ...reason, note: undefined };
  return { ...reason, reason: undefined };
}

/** A turn's name begins with the second in which it was asked. */
function nameOf(flow: string, turn: string): string {
  const at = new Date(Number.parseInt(turn.slice(0, 8), 16) * 1000);
  return trafficPath.proposal(flow, at.toISOString().slice(0, 10), turn);
}
