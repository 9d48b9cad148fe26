import type { SuiteChange } from "../model/run.ts";
import { cutText } from "./plain-characters.ts";

const NAME = 200;

/** What changed in the datasets, a sentence each: what was lost first, since that makes a pass easier. */
export function datasetWords(change: SuiteChange | undefined): string[] {
  if (!change) return [];
  const { lostSlices, datasets } = change;
  return [
    ...lostSlices.map(
      ({ field, value, rows }) =>
        `No row has ${cutText(field, NAME)} = ${cutText(value, NAME)} any more; ${rows} had it.`,
    ),
    ...datasets
      .filter(({ added, removed, changed }) => added + removed + changed > 0)
      .map(
        ({ dataset, before, after, added, removed, changed }) =>
          `${cutText(dataset, NAME)}: ${before} rows before, ${after} now (${added} added, ${removed} removed, ${changed} changed).`,
      ),
  ];
}
