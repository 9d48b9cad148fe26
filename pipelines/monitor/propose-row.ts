import { RetryLaterError } from "../../shared/errors.ts";
import type { ProposalReason, ProposedRow, RowProposal } from "../../shared/model/monitored-turn.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { readJson, replaceJson } from "../../shared/registry/json-blob.ts";
import { trafficPath } from "../../shared/registry/paths.ts";

const ATTEMPTS = 5;

/** Proposes a turn as a row, or adds reasons to its proposal. What a person has decided is not asked again. */
export async function proposeRow(
  store: BlobStore,
  turn: Pick<RowProposal, "flow" | "turn" | "version" | "at">,
  row: ProposedRow,
  why: readonly ProposalReason[],
): Promise<void> {
  const { flow, version, at } = turn;
  const name = trafficPath.proposal(flow, at.slice(0, 10), turn.turn);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const known = await readJson<RowProposal>(store, "traffic", name);
    if (known?.value.decision) return;
    const before = known?.value.why ?? [];
    const more = why.filter((reason) => !before.some((other) => sameReason(reason, other)));
    if (known && more.length === 0) return;
    const proposal: RowProposal = {
      flow,
      turn: turn.turn,
      version,
      at,
      why: [...before, ...more],
      row: known?.value.row ?? row,
    };
    if (await replaceJson(store, "traffic", name, proposal, known?.etag)) return;
  }
  throw new RetryLaterError(`The proposal of turn ${turn.turn} is written by others all the time.`);
}

function sameReason(a: ProposalReason, b: ProposalReason): boolean {
  if (a.kind === "thumbs_down") return b.kind === "thumbs_down" && a.comment === b.comment;
  if (a.kind === "person") return b.kind === "person" && a.by === b.by && a.note === b.note;
  return b.kind === "online_score" && a.metric === b.metric;
}
