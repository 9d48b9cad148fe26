import type { PlacedRow } from "./dataset-rows.ts";

/** A check of a flow's rows as they go by, so that none is held. */
export interface RowCheck {
  add(row: PlacedRow): void;
  /** All rows have gone by: says what only all of them can tell. */
  end(): void;
}
