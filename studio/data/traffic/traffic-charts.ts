import type { FlowTraffic, ScorePoint, TrafficFigures } from "../../../shared/model/flow-traffic.ts";
import { formatMetric } from "../../../shared/model/format-metric.ts";
import { type Arm, ARMS } from "../../../shared/model/traffic.ts";
import { countWords, scoreWords } from "../number-words.ts";
import type { ChartLine, TimeChart } from "./time-chart.ts";

/** What is drawn of an arm: a line each, told apart by its dashes. */
type Measure = [label: string, of: (figures: TrafficFigures) => number | null];

const HUE_OF: Record<Arm, 0 | 1> = { stable: 0, canary: 1 };
/** More versions than this in one chart of scores cannot be told apart. */
const MOST_VERSIONS = 4;

/** The steps of the time that was asked for, as seconds since 1970; those without traffic too. */
export function stepTimes({ from, to, stepSeconds }: FlowTraffic): number[] {
  const first = Date.parse(from) / 1000;
  const count = Math.floor((Date.parse(to) / 1000 - first) / stepSeconds) + 1;
  return Array.from({ length: count }, (_, index) => first + index * stepSeconds);
}

/** `in each minute`, `in 15 minutes`, `in 2 hours`: what a step is called behind a unit. */
export function stepWords(seconds: number): string {
  if (seconds === 60) return "in each minute";
  return seconds < 3600 ? `in ${seconds / 60} minutes` : `in ${seconds / 3600} hours`;
}

/** Everything that is drawn of a flow's traffic, by the steps of `stepTimes`. */
export function trafficCharts(traffic: FlowTraffic): TimeChart[] {
  const step = stepWords(traffic.stepSeconds);
  const milliseconds = (value: number): string => formatMetric("latency", "p95", value);
  const sums = { shape: "steps", fromZero: true, isWhole: true, format: countWords } as const;
  const measured = { shape: "line", fromZero: true, isWhole: false } as const;
  const lines = (...measures: Measure[]): ChartLine[] => armLines(traffic, measures, 0);
  const gaps = (...measures: Measure[]): ChartLine[] => armLines(traffic, measures, null);
  return [
    {
      ...sums,
      title: "Requests",
      unit: `turns ${step}`,
      lines: lines(["", ({ turns }) => turns]),
      nothing: "No turn was asked for.",
    },
    {
      ...measured,
      title: "Latency",
      unit: "time until an answer was whole",
      lines: gaps(...percentiles(({ duration }) => duration)),
      format: milliseconds,
      nothing: "No answer was timed.",
    },
    {
      ...measured,
      title: "Time to first token",
      unit: "of streamed answers",
      lines: gaps(...percentiles(({ firstToken }) => firstToken)),
      format: milliseconds,
      nothing: "No answer was streamed, so there was no first token to time.",
    },
    {
      ...measured,
      title: "Errors",
      unit: "share of turns that failed, by no fault of the client",
      lines: gaps(["", ({ turns, failed }) => (turns === 0 ? null : failed / turns)]),
      format: (value) => formatMetric("errors", "rate", value),
      nothing: "No turn was asked for.",
    },
    {
      ...sums,
      title: "Tokens",
      unit: `tokens ${step}`,
      lines: lines(["in", ({ inputTokens }) => inputTokens], ["out", ({ outputTokens }) => outputTokens]),
      nothing: "No tokens were counted.",
    },
    {
      ...sums,
      isWhole: false,
      title: "Cost",
      unit: `US dollars ${step}, of turns whose price is known`,
      lines: lines(["", ({ cost }) => cost]),
      format: (value) => formatMetric("cost", "mean", value),
      nothing: "No turn cost anything: the model is free, or its price is not known.",
    },
    {
      ...sums,
      title: "Guardrail hits",
      unit: `blocked turns ${step}`,
      lines: lines(["", ({ blocked }) => blocked]),
      nothing: "No guardrail blocked a turn.",
    },
    {
      ...sums,
      title: "Feedback",
      unit: `ratings ${step}`,
      lines: lines(["up", ({ feedback }) => feedback.up], ["down", ({ feedback }) => feedback.down]),
      nothing: "No user rated an answer.",
    },
    ...scoreCharts(traffic),
  ];
}

function percentiles(of: (figures: TrafficFigures) => TrafficFigures["duration"]): Measure[] {
  return (["p50", "p95", "p99"] as const).map((name) => [name, (figures) => of(figures)?.[name] ?? null]);
}

/** The lines of each arm that served in the time; `without` stands in steps in which it did not. */
function armLines(
  { points, ...traffic }: FlowTraffic,
  measures: readonly Measure[],
  without: 0 | null,
): ChartLine[] {
  const indexOf = stepIndex({ points, ...traffic });
  const length = stepTimes({ points, ...traffic }).length;
  return ARMS.filter((arm) => points.some(({ arms }) => arms[arm])).flatMap((arm) =>
    measures.map(([label, of], index): ChartLine => {
      const values: ChartLine["values"] = Array.from({ length }, () => without);
      for (const { at, arms } of points) {
        const figures = arms[arm];
        if (figures) values[indexOf(at)] = of(figures);
      }
      const dash = ([0, 1, 2] as const)[index] ?? 0;
      return {
        label: label === "" ? arm : `${arm} ${label}`,
        hue: HUE_OF[arm],
        dash,
        hasDots: arm === "canary",
        values,
      };
    }),
  );
}

/** A chart a metric, a line a version: scores come of versions, and not of arms. */
function scoreCharts(traffic: FlowTraffic): TimeChart[] {
  const byMetric = Map.groupBy(traffic.scores, ({ metric }) => metric);
  return [...byMetric].map(([metric, points]): TimeChart => ({
    title: `${metric}, scored online`,
    unit:
      versionsOf(points).length > MOST_VERSIONS
        ? `mean of the turns that were sampled, of the ${MOST_VERSIONS} versions that were scored last`
        : "mean of the turns that were sampled",
    shape: "line",
    spansGaps: true,
    fromZero: false,
    isWhole: false,
    lines: scoreLines(traffic, points),
    format: scoreWords,
    nothing: "No turn was scored.",
  }));
}

function scoreLines(traffic: FlowTraffic, points: readonly ScorePoint[]): ChartLine[] {
  const indexOf = stepIndex(traffic);
  const { length } = stepTimes(traffic);
  const versions = versionsOf(points).slice(-MOST_VERSIONS);
  return versions.map((version, index): ChartLine => {
    const values: ChartLine["values"] = Array.from({ length }, () => null);
    for (const point of points) if (point.version === version) values[indexOf(point.at)] = point.mean;
    const [hue = 0, dash = 0] =
      (
        [
          [0, 0],
          [1, 1],
          [2, 2],
          [3, 0],
        ] as const
      )[index] ?? [];
    return { label: version, hue, dash, hasDots: hue === 1 || hue === 3, values };
  });
}

/** Those that were scored last at the end: what serves is drawn, however many came and went beside it. */
function versionsOf(points: readonly ScorePoint[]): string[] {
  return [...new Set(points.toReversed().map(({ version }) => version))].reverse();
}

function stepIndex({ from, stepSeconds }: FlowTraffic): (at: string) => number {
  const first = Date.parse(from);
  return (at) => Math.round((Date.parse(at) - first) / 1000 / stepSeconds);
}
