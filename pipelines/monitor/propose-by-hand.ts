import { PermanentError } from "../../shared/errors.ts";
import { redactFields, redactText } from "../../shared/evaluators/safety/redact-personal-data.ts";
import type { ProposedTurn } from "../../shared/model/status.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { checkFlow } from "../../shared/registry/flow-status.ts";
import { proposeRow } from "./propose-row.ts";

/** A turn that a person, trying a version, finds worth a row. */
export interface ProposedByHand {
  /** 32 hex digits, the first 8 of them the seconds since 1970: the client's, so that sent again it is one proposal. */
  turn: string;
  version: string;
  fields: Record<string, unknown>;
  answer?: string | undefined;
  context?: string | undefined;
  note?: string | undefined;
  by: string;
}

const DAY_MS = 86_400_000;

/**
 * Proposes the turn as a row of the dataset: accepting is a step of its own, by somebody who looks at it. Personal data
 * is taken out as from production's turns. Throws `NotFoundError`, and `PermanentError` for a name of another day.
 */
export async function proposeByHand(
  flow: string,
  { turn, version, fields, answer, context, note, by }: ProposedByHand,
  { store, clock }: { store: BlobStore; clock: Pick<Clock, "now"> },
): Promise<ProposedTurn> {
  await checkFlow(store, flow);
  const at = new Date(Number.parseInt(turn.slice(0, 8), 16) * 1000);
  if (Math.abs(at.getTime() - clock.now().getTime()) > DAY_MS) {
    throw new PermanentError(
      `turn: its first 8 digits are the seconds since 1970, in hex, of a turn of today.`,
    );
  }
  const row = {
    fields: await redactFields(fields),
    answer: answer && (await redactText(answer)),
    context: context && (await redactText(context)),
  };
  const reason = { kind: "person", by, note: note && (await redactText(note)) } as const;
  await proposeRow(store, { flow, turn, version, at: at.toISOString() }, row, [reason]);
  return { flow, turn };
}
