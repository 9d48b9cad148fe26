import type { EvidenceSection } from "../shared/model/report-view.ts";
import type { Paint } from "./output.ts";
import { excerpt } from "./plain-text.ts";
import { formatTable } from "./table.ts";
import { wrapText } from "./wrap-text.ts";

/** Disagreements shown; the others are in `--json` and `--markdown`. */
const MOST_ENTRIES = 5;

/** How far the judge can be believed, and how groups compare: a table each, and where person and judge disagree. */
export function printEvidence(
  sections: readonly EvidenceSection[],
  { paint, columns }: { paint: Paint; columns: number },
): string[] {
  return sections.flatMap(({ title, note, head, rows, entries }) => [
    paint("bold", excerpt(title, 100)),
    ...(rows.length === 0
      ? []
      : [
          formatTable({
            head,
            rows: rows.map((row) => row.map((cell) => excerpt(cell, 60))),
            flexible: 0,
            alignRight: [],
            columns,
            paint,
          }),
        ]),
    paint("dim", wrapText(note, Math.min(columns, 100))),
    ...entries
      .slice(0, MOST_ENTRIES)
      .map((entry) =>
        [
          `  ${paint("bold", excerpt(entry.title, 120))}`,
          ...entry.facts.map(({ name, text }) =>
            wrapText(`${name}: ${excerpt(text, 400)}`, Math.min(columns, 100), "    "),
          ),
        ].join("\n"),
      ),
  ]);
}
