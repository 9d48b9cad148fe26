import type { Changes, DiffLine, FileChange } from "../../shared/model/changes.ts";
import type { EvaluatedDifference, RowFlip } from "../../shared/model/row-differences.ts";
import { metricWords } from "../../shared/model/format-metric.ts";
import type { Paint } from "../output.ts";
import { excerpt, plainText } from "../plain-text.ts";
import { formatTable } from "../table.ts";
import { wrapText } from "../wrap-text.ts";

/** What `flowgate diff` found. */
export interface FlowDiff {
  before: { label: string; flow: string; version: string };
  after: { label: string; flow: string; version: string };
  version: Changes;
  /** Undefined where a side was never judged. */
  suite: Changes | undefined;
  /** Undefined where no suite judged both. */
  evaluated: EvaluatedDifference | undefined;
}

const SHOWN_FLIPS = 10;
const MARK: Record<DiffLine["kind"], string> = { hunk: "", same: " ", removed: "-", added: "+" };
const COLOUR = { hunk: "cyan", same: "reset", removed: "red", added: "green" } as const;

/** The two versions, what differs in their files and settings as a unified diff, and how their answers compare. */
export function printDiff(diff: FlowDiff, { paint, columns }: { paint: Paint; columns: number }): string {
  const { before, after, version, suite, evaluated } = diff;
  return [
    [paint("bold", `--- ${plainText(before.label)}`), paint("bold", `+++ ${plainText(after.label)}`)].join(
      "\n",
    ),
    isEmpty(version)
      ? "They answer alike: no prompt, knowledge, step, parameter or guardrail differs."
      : changes(version, paint),
    suite &&
      (isEmpty(suite)
        ? "They are judged alike: no dataset, evaluator or gate differs."
        : changes(suite, paint)),
    evaluated
      ? evaluatedText(evaluated, paint, columns)
      : before.version !== after.version &&
        paint("dim", wrapText("No suite judged both, so their answers cannot be compared.", columns)),
  ]
    .filter((part) => typeof part === "string" && part !== "")
    .join("\n\n");
}

function isEmpty({ files, settings }: Changes): boolean {
  return files.length + settings.length === 0;
}

function changes({ files, settings, moreFiles }: Changes, paint: Paint): string {
  const one = (text: string): string => excerpt(text, 200);
  return [
    settings
      .map(({ name, before, after }) =>
        [
          paint("bold", one(name)),
          ...(before === undefined ? [] : [paint("red", `- ${one(before)}`)]),
          ...(after === undefined ? [] : [paint("green", `+ ${one(after)}`)]),
        ].join("\n"),
      )
      .join("\n"),
    ...files.map((file) => fileText(file, paint)),
    moreFiles > 0 ? `${moreFiles} more files differ.` : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function fileText({ path, role, kind, diff, note }: FileChange, paint: Paint): string {
  return [
    `${paint("bold", excerpt(path, 300))} ${paint("dim", `${role}, ${kind}`)}`,
    ...(note === undefined ? [] : [paint("dim", `(${note})`)]),
    ...(diff ?? []).map((line) => paint(COLOUR[line.kind], plainText(MARK[line.kind] + line.text))),
  ].join("\n");
}

function evaluatedText(evaluated: EvaluatedDifference, paint: Paint, columns: number): string {
  const { suite, pairs, metrics, broken, mended, flips } = evaluated;
  const rows = metrics.map(({ metric, statistic, before, after, difference }) => [
    metricWords(metric, statistic),
    before.text,
    after.text,
    difference.text,
    difference.interval?.text ?? "–",
  ]);
  return [
    paint("bold", `On the ${pairs} rows of suite ${suite} that both answered`),
    formatTable({
      head: ["metric", "before", "after", "difference", "95 % interval"],
      rows,
      flexible: 0,
      alignRight: [1, 2, 3, 4],
      columns,
      paint,
    }),
    broken + mended === 0
      ? "No row passes that failed before, and none fails that passed."
      : [
          paint("bold", `Rows that passed and fail now: ${broken}; that failed and pass now: ${mended}`),
          ...flips.slice(0, SHOWN_FLIPS).map((flip) => flipText(flip, paint, columns)),
          ...(flips.length > SHOWN_FLIPS ? [paint("dim", "The rest is in --json.")] : []),
        ].join("\n\n"),
  ].join("\n\n");
}

function flipText(
  { id, dataset, question, before, after, scores }: RowFlip,
  paint: Paint,
  columns: number,
): string {
  const part = (name: string, text: string): string =>
    wrapText(`${name}: ${excerpt(text, 400)}`, Math.min(columns, 100), "    ");
  return [
    `  ${paint("bold", excerpt(id, 60))} ${paint("dim", excerpt(dataset, 60))}`,
    ...(question === undefined ? [] : [part("question", question)]),
    part("before", before),
    part("after", after),
    ...scores.map(({ metric, before: old, after: score, now }) =>
      paint(
        now === "passes" ? "green" : "red",
        part(
          `${metric} ${old?.value.text ?? "none"} → ${score?.value.text ?? "none"}`,
          score?.reason ?? `${now} now`,
        ),
      ),
    ),
  ].join("\n");
}
