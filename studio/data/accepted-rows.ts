import { createStore } from "./store.ts";

/** A line of a dataset that somebody has accepted here. */
export interface AcceptedRow {
  flow: string;
  id: string;
  line: string;
}

/** The platform forgets a turn once it is decided on: these lines are kept by nobody but this tab. */
export const acceptedRows = createStore<readonly AcceptedRow[]>([]);

let areSaved = true;

export function addAcceptedRow(row: AcceptedRow): void {
  areSaved = false;
  acceptedRows.set([...acceptedRows.get().filter(({ id }) => id !== row.id), row]);
}

export function noteSaved(): void {
  areSaved = true;
}

window.addEventListener("beforeunload", (event) => {
  if (!areSaved) event.preventDefault();
});
