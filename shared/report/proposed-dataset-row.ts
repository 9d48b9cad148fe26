import type { RowProposal } from "../model/monitored-turn.ts";

/** The row that a proposal becomes. Its id follows from the turn, so that it is added once. */
export function datasetRowOf(
  { turn, row }: Pick<RowProposal, "turn" | "row">,
  expected: string | undefined,
): { id: string } & Record<string, unknown> {
  const given = Object.entries(row?.fields ?? {}).filter(([, value]) => !isEmpty(value));
  const truth = expected === undefined ? {} : { ground_truth: expected };
  return { ...Object.fromEntries(given), id: `turn-${turn.slice(0, 16)}`, ...truth };
}

/** An input that was not given, such as the history of a conversation that begins. */
function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
