import type { ComparedMetric, FoundDifference } from "../../shared/evaluation/compare-combinations.ts";
import { formatSigned } from "../../shared/model/format-difference.ts";
import { formatMetric, metricWords } from "../../shared/model/format-metric.ts";
import type { Statistic } from "../../shared/model/flow.ts";
import { BASE } from "../../shared/flow/variant-combinations.ts";
import type { VerdictOutcome } from "../../shared/model/run.ts";
import type { Interval } from "../../shared/statistics/interval.ts";
import type { Paint } from "../output.ts";
import { plainText } from "../plain-text.ts";
import { wrapText } from "../wrap-text.ts";
import type { Comparison } from "./comparison.ts";
import { rankingTables } from "./ranking-tables.ts";

type Entry = Comparison["combinations"][number];

const GATE: Record<VerdictOutcome, { mark: string; colour: "green" | "red" | "yellow" }> = {
  pass: { mark: "✓", colour: "green" },
  fail: { mark: "✗", colour: "red" },
  inconclusive: { mark: "?", colour: "yellow" },
  error: { mark: "!", colour: "red" },
};
const FOUND = {
  better: { mark: "▲", colour: "green" },
  worse: { mark: "▼", colour: "red" },
  indistinguishable: { mark: "≈", colour: "dim" },
} as const;

/** A comparison as a newcomer reads it: the ranking, what differs from the base and what does not, what to do. */
export function printComparison(
  comparison: Comparison,
  { paint, columns }: { paint: Paint; columns: number },
): string {
  const { flow, rows, ofRows, combinations } = comparison;
  const sample = rows < ofRows ? `a sample of ${rows} of the ${ofRows} rows` : `${rows} rows`;
  const others = combinations.filter(({ name }) => name !== BASE);
  const legend =
    "± and brackets: 95 % intervals. Against the base on the same rows: ▲ better, ▼ worse, ≈ not distinguishable at 5 %, corrected for the number of differences looked at.";
  const sections = [
    paint("bold", `${flow}: ${combinations.length} combinations on ${sample}, best first`),
    rankingTables(
      combinations.map((entry) => ({ name: `${entry.rank} ${entry.name}`, cells: cellsOf(entry, paint) })),
      { paint, columns },
    ),
    paint("dim", wrapText(legend, columns)),
    others.length === 0
      ? ""
      : [
          paint("bold", "Differences from the base"),
          ...others.map((entry) => wrapText(`${entry.name}: ${differences(entry)}`, columns, "  ")),
        ].join("\n"),
    shortfalls(combinations, paint, columns),
    [
      ...comparison.same.map(({ name, as }) => `${name} comes to the same as ${as} and was left out.`),
      ...combinations.flatMap(({ name, errors }) =>
        errors.rows === 0
          ? []
          : [`${name}: ${errors.rows} of ${rows} rows have an error; the first: ${errors.first ?? ""}`],
      ),
      `${comparison.made} model calls made, ${comparison.saved} saved by what was recorded before.`,
    ]
      .map((line) => wrapText(plainText(line), columns))
      .join("\n"),
    comparison.notices.map((notice) => paint("yellow", wrapText(`Note: ${notice}`, columns))).join("\n"),
    conclusion(comparison, paint, columns),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function cellsOf(entry: Entry, paint: Paint): { head: string; text: string }[] {
  const { mark, colour } = GATE[entry.outcome];
  const held = entry.requirements.filter(({ outcome }) => outcome === "pass").length;
  const gate = paint(colour, `${mark} ${held} of ${entry.requirements.length}`);
  return [
    { head: "gate", text: gate },
    ...entry.metrics.map((metric) => ({
      head: metricWords(metric.metric, metric.statistic),
      text: `${measured(metric)}${finding(metric.againstBase, paint)}`,
    })),
  ];
}

function measured({ metric, statistic, value, interval }: ComparedMetric): string {
  const shown = formatMetric(metric, statistic, value);
  return interval === undefined || value === null ? shown : `${shown} ${around(metric, statistic, interval)}`;
}

/** An interval beside its estimate: `± 0.2` for a mean, whose interval is symmetric, `[83–96 %]` for a share. */
function around(metric: string, statistic: Statistic, { low, high }: Interval): string {
  if (statistic === "mean") return `± ${formatMetric(metric, statistic, (high - low) / 2)}`;
  return `[${formatMetric(metric, statistic, low).replace(" %", "")}–${formatMetric(metric, statistic, high)}]`;
}

function finding(found: FoundDifference | undefined, paint: Paint): string {
  if (!found) return "  ";
  const { mark, colour } = FOUND[found.finding];
  return ` ${paint(colour, mark)}`;
}

/** What sets a combination apart from the base, and what does not. */
function differences({ metrics }: Entry): string {
  const compared = metrics.flatMap(({ metric, statistic, againstBase }) =>
    againstBase ? [{ metric, statistic, found: againstBase, words: metricWords(metric, statistic) }] : [],
  );
  const changed = (finding: FoundDifference["finding"]): string[] =>
    compared
      .filter(({ found }) => found.changed > 0 && found.finding === finding)
      .map(({ metric, statistic, found, words }) => `${words} ${signed(metric, statistic, found)}`);
  const parts = [
    { words: "better in", told: changed("better") },
    { words: "worse in", told: changed("worse") },
    { words: "not distinguishable in", told: changed("indistinguishable") },
    {
      words: "the same on every row in",
      told: compared.filter(({ found }) => found.changed === 0).map(({ words }) => words),
    },
  ];
  const told = parts.filter(({ told }) => told.length > 0);
  if (told.length === 0) return "nothing to compare row by row.";
  return `${told.map(({ words, told }) => `${words} ${told.join(", ")}`).join("; ")}.`;
}

/** `+0.21 [0.05 to 0.37]`, shares in percentage points. */
function signed(metric: string, statistic: Statistic, { difference, interval }: FoundDifference): string {
  const format = (value: number): string => formatSigned(metric, statistic, value);
  const points = statistic === "mean" ? "" : " points";
  const range = interval ? ` [${format(interval.low)} to ${format(interval.high)}]` : "";
  const size = format(difference);
  return `${difference > 0 && /[1-9]/.test(size) ? "+" : ""}${size}${range}${points}`;
}

/** What each combination that does not pass lacks. */
function shortfalls(combinations: readonly Entry[], paint: Paint, columns: number): string {
  const lines = combinations.flatMap(({ name, requirements }) =>
    requirements
      .filter(({ outcome }) => outcome !== "pass")
      .map(({ outcome, reason }) =>
        paint(
          GATE[outcome].colour,
          wrapText(`${GATE[outcome].mark} ${name}: ${plainText(reason)}`, columns, "  "),
        ),
      ),
  );
  return lines.length === 0 ? "" : [paint("bold", "What of the gate does not hold"), ...lines].join("\n");
}

function conclusion(comparison: Comparison, paint: Paint, columns: number): string {
  const [best, ...others] = comparison.combinations;
  if (!best) return "";
  const passes = best.outcome === "pass";
  const alike = others.filter(({ likeBest }) => likeBest).map(({ name }) => name);
  const likeBase = alike.includes(BASE);
  const lines = [
    passes ? `Best: ${best.name}. It passes the gate.` : `None passes the gate. Closest: ${best.name}.`,
    alike.length === 0
      ? ""
      : `No metric of the gate tells ${alike.join(", ")} apart from ${best.name} on these rows: the order among them may be chance.`,
    passes && best.name !== BASE && !likeBase
      ? `To let it serve: ${adoption(best, comparison)}, and push.`
      : "",
  ];
  return lines
    .filter((line) => line !== "")
    .map((line, index) => {
      const text = wrapText(line, columns);
      return index === 0 ? paint(passes ? "green" : "red", text) : text;
    })
    .join("\n");
}

/** How a combination becomes the flow itself. */
function adoption({ chosen }: Entry, { prompt: own }: Comparison): string {
  const prompt = chosen["prompt"] ? String(chosen["prompt"].value) : own;
  const parameters = Object.entries(chosen)
    .filter(([axis]) => axis !== "prompt")
    .map(([axis, { value }]) => `${axis} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [
    ...(prompt === own ? [] : [`write prompt: ${prompt} in flow.yaml`]),
    ...(parameters.length > 0 ? [`set ${parameters.join(" and ")} in ${prompt}`] : []),
  ].join(", ");
}
