import { createStore } from "./store.ts";

/** A line of a dataset that somebody has accepted here. */
export interface AcceptedRow {
  flow: string;
  id: string;
  line: string;
}

interface Kept {
  rows: readonly AcceptedRow[];
  areSaved: boolean;
}

const KEY = "flowgate.accepted-rows";

let kept = read();

/** The platform forgets a turn once it is decided on: these lines are kept by nobody but this tab, also over a reload. */
export const acceptedRows = createStore(kept.rows);

export function addAcceptedRow(row: AcceptedRow): void {
  keep({ rows: [...kept.rows.filter(({ id }) => id !== row.id), row], areSaved: false });
}

/** All of them are in a file or in the clipboard. */
export function noteSaved(): void {
  keep({ ...kept, areSaved: true });
}

function keep(next: Kept): void {
  kept = next;
  sessionStorage.setItem(KEY, JSON.stringify(next));
  acceptedRows.set(next.rows);
}

function read(): Kept {
  const text = sessionStorage.getItem(KEY);
  return text === null ? { rows: [], areSaved: true } : (JSON.parse(text) as Kept);
}

// With the tab they are gone.
window.addEventListener("beforeunload", (event) => {
  if (!kept.areSaved) event.preventDefault();
});
