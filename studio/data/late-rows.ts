import type { ReportView } from "../../shared/model/report-view.ts";
import { countOf } from "./number-words.ts";

/**
 * Of a run that ended early: that rows were answered which nothing was decided on, in a sentence; undefined where there
 * are none. `shown`: how many rows of the run are there, each of their trials counted.
 */
export function lateRowsWords(view: Pick<ReportView, "rows"> | undefined, shown: number): string | undefined {
  const late = view === undefined ? 0 : shown - view.rows.used;
  if (late <= 0) return undefined;
  return `${countOf(late, "more row")} came in too late for that: the slices and the rows below show ${late === 1 ? "it" : "them"} too, and nothing else counts ${late === 1 ? "it" : "them"}.`;
}
