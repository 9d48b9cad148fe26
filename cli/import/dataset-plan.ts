import type { Place } from "../../shared/flow/diagnostics.ts";
import { isFields } from "./fields.ts";

/** A file of rows that a flow is to be judged on, and which of its columns is which input. */
export interface DatasetPlan {
  /** Relative to the imported folder. */
  path: string;
  /** What it is called in the new flow, without ending. */
  name: string;
  /** By input of the original flow. Inputs that are not named take the column of their own name. */
  mapping: Map<string, MappedColumn>;
  /** Where the expected answers are, row by row, as far as the imported files say so. */
  groundTruth: { path: string; column: string; place: Place } | undefined;
  mentionedIn: string;
  place: Place;
}

export type MappedColumn = { place: Place } & (
  | { kind: "column"; column: string }
  | { kind: "constant"; value: unknown }
  /** Of another run: there is none here. */
  | { kind: "run"; written: string }
);

/** Reads a `column_mapping` or `mappings`: `${data.column}`, or a value that is the same in each row. */
export function readMapping(written: unknown, placeOf: (input: string) => Place): Map<string, MappedColumn> {
  return new Map(
    Object.entries(isFields(written) ? written : {}).map(([input, value]): [string, MappedColumn] => {
      const place = placeOf(input);
      const inner = typeof value === "string" ? /^\$\{\s*([^}]*?)\s*\}$/.exec(value.trim())?.[1] : undefined;
      const column = inner === undefined ? undefined : /^data\.(.+)$/.exec(inner)?.[1];
      if (column !== undefined) return [input, { kind: "column", column, place }];
      if (inner !== undefined) return [input, { kind: "run", written: String(value), place }];
      return [input, { kind: "constant", value, place }];
    }),
  );
}

/** How columns that hold the expected answer are called, surest first. */
const GROUND_TRUTHS = [
  /^ground[_ -]?truths?$/i,
  /^(?:expected|correct|reference|ideal|gold)(?:[_ -]?(?:answer|output|result|response|value|completion))?$/i,
  /^truth$/i,
  /^labels?$/i,
  /^target$/i,
  /^answer$/i,
];

/** The one of these columns that holds the expected answer. */
export function groundTruthColumn(columns: readonly string[]): string | undefined {
  for (const pattern of GROUND_TRUTHS) {
    const found = columns.find((column) => pattern.test(column.trim()));
    if (found !== undefined) return found;
  }
  return undefined;
}
