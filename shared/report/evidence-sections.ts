import { formatDifference, formatInterval } from "../model/format-difference.ts";
import { formatMetric } from "../model/format-metric.ts";
import type { Disagreement, JudgeCalibration } from "../model/calibration.ts";
import type { FairnessMeasure, GroupMeasure } from "../model/fairness.ts";
import type { EvidenceEntry, EvidenceSection } from "../model/report-view.ts";
import type { Report } from "../model/run.ts";
import type { Interval } from "../statistics/interval.ts";
import { cutText } from "./plain-characters.ts";

const SHOWN_ANSWER = 600;
const SHOWN_NAME = 100;

/** What a report says of its judges and of gaps between groups, as tables and entries to be read. */
export function evidenceSections({
  calibration = [],
  fairness = [],
}: Pick<Report, "calibration" | "fairness">): EvidenceSection[] {
  return [
    ...(calibration.length === 0 ? [] : [judgesSection(calibration)]),
    ...fairness.map((measure) => (measure.pairs ? pairsSection(measure) : groupsSection(measure))),
  ];
}

function judgesSection(calibration: readonly JudgeCalibration[]): EvidenceSection {
  return {
    title: "How far the judge can be believed",
    note: "People's labels beside the judge's scores of the same answers. Kappa is the agreement on pass or fail beyond chance, 1 at most; the bias is how much higher the judge scores; the corrected mean is what people would give these rows (prediction-powered inference).",
    head: ["metric", "labels", "kappa", "disagree", "weighted kappa", "bias", "corrected mean"],
    rows: calibration.map(({ metric, labels, missing, agreement, disagreed, weighted, bias, corrected }) => [
      cutText(metric, SHOWN_NAME),
      missing === 0 ? String(labels) : `${labels}, ${missing} more not scorable`,
      agreement ? `${decimal(agreement.value)}${within(agreement.interval, decimal)}` : "–",
      String(disagreed),
      weighted === undefined ? "–" : decimal(weighted),
      bias ? formatDifference(metric, "mean", bias.value) + ofMetric(metric, bias.interval, true) : "–",
      corrected
        ? formatMetric(metric, "mean", corrected.value) + ofMetric(metric, corrected.interval, false)
        : "–",
    ]),
    entries: calibration.flatMap(({ metric, disagreements }) =>
      disagreements.map((disagreement) => disagreementEntry(metric, disagreement)),
    ),
  };
}

function disagreementEntry(metric: string, found: Disagreement): EvidenceEntry {
  const { row, question, answer, human, judge, reason, note } = found;
  const given = (text: string | undefined): string =>
    text === undefined ? "" : `: ${cutText(text, SHOWN_ANSWER)}`;
  return {
    title: `${cutText(row, SHOWN_NAME)}: ${metric} ${formatMetric(metric, "mean", human)} by a person, ${formatMetric(metric, "mean", judge)} by the judge`,
    facts: [
      ...(question === undefined ? [] : [{ name: "question", text: cutText(question, SHOWN_ANSWER) }]),
      { name: "answer", text: cutText(answer, SHOWN_ANSWER) },
      ...(note === undefined ? [] : [{ name: "person", text: `${human}${given(note)}` }]),
      { name: "judge", text: `${judge}${given(reason)}` },
    ],
  };
}

function groupsSection({
  requirement: { of, by = "" },
  groups,
  needed,
  ungrouped,
  tooMany,
}: FairnessMeasure): EvidenceSection {
  const left = ungrouped === 0 ? "" : ` ${ungrouped} rows have no ${by}.`;
  return {
    title: `${of} by ${by}`,
    note: tooMany
      ? `There are too many groups to compare.${left}`
      : `A group needs ${needed} rows to tell the accepted gap from none in 80 % of runs.${left}`,
    head: ["group", "rows", "mean", "95 % interval", "enough rows"],
    rows: groups.map((group) => groupRow(of, group)),
    entries: [],
  };
}

function groupRow(metric: string, { group, rows, missing, mean, interval, enough }: GroupMeasure): string[] {
  return [
    cutText(group, SHOWN_NAME),
    missing === 0 ? String(rows) : `${rows}, ${missing} without a value`,
    formatMetric(metric, "mean", mean),
    interval ? formatInterval(metric, "mean", interval, false) : "–",
    enough ? "yes" : "no",
  ];
}

function pairsSection({ requirement, needed, pairs }: FairnessMeasure): EvidenceSection {
  const { of, counterfactual = "" } = requirement;
  const difference = pairs?.difference ?? null;
  return {
    title: `${of} of counterfactual ${counterfactual}`,
    note: `Rows beside the same rows with the words swapped: the mean with the pairs' second words minus that with their first. It takes ${needed} pairs to tell the accepted gap from none in 80 % of runs.`,
    head: ["pairs", "difference", "95 % interval"],
    rows: [
      [
        pairs?.missing ? `${pairs.pairs}, ${pairs.missing} more without a value` : String(pairs?.pairs ?? 0),
        difference === null ? "–" : formatDifference(of, "mean", difference),
        pairs?.interval ? formatInterval(of, "mean", pairs.interval, true) : "–",
      ],
    ],
    entries: [],
  };
}

function decimal(value: number): string {
  return String(Number(value.toFixed(2)));
}

function within({ low, high }: Interval, format: (value: number) => string): string {
  return ` (${format(low)} to ${format(high)})`;
}

function ofMetric(metric: string, interval: Interval | undefined, isDifference: boolean): string {
  return interval ? ` (${formatInterval(metric, "mean", interval, isDifference)})` : "";
}
