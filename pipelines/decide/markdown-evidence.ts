import type { EvidenceSection } from "../../shared/model/report-view.ts";
import { inlineText } from "../../shared/report/markdown-text.ts";

/** How far the judge can be believed, and how groups compare, as lines of Markdown. */
export function evidenceMarkdown(sections: readonly EvidenceSection[]): string[] {
  return sections.flatMap(({ title, note, head, rows, entries }) => [
    `## ${inlineText(title)}`,
    "",
    inlineText(note),
    "",
    ...(rows.length === 0
      ? []
      : [
          tableLine(head),
          tableLine(
            head.map(() => "---"),
            false,
          ),
          ...rows.map((row) => tableLine(row)),
          "",
        ]),
    ...entries.flatMap((entry) => [
      `### ${inlineText(entry.title)}`,
      "",
      ...entry.facts.map(({ name, text }) => `- ${name}: ${inlineText(text)}`),
      "",
    ]),
  ]);
}

function tableLine(cells: readonly string[], escapes = true): string {
  return `| ${cells.map((cell) => (escapes ? inlineText(cell) : cell)).join(" | ")} |`;
}
