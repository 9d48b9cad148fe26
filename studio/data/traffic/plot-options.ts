import type { ReleaseMark } from "../../../shared/model/flow-traffic.ts";
import { chartColour } from "../chart-colour.ts";
import { uPlot } from "../uplot.ts";
import { axisTimes } from "./axis-times.ts";
import { releaseMarks } from "./release-marks.ts";
import { type ChartLine, DASHES, HUES, type TimeChart } from "./time-chart.ts";

/** In pixels. */
export const PLOT_HEIGHT = 190;
const WHOLE_STEPS = [1, 2, 5].flatMap((digit) =>
  [0, 1, 2, 3, 4, 5, 6, 7, 8].map((power) => digit * 10 ** power),
);

/** How uPlot draws a chart in the colours that hold around `host`. */
export function plotOptions(
  chart: TimeChart,
  {
    host,
    ends,
    marks,
    onCursor,
  }: {
    host: HTMLElement;
    /** The time axis, in seconds since 1970. */
    ends(): [from: number, to: number];
    marks(): readonly ReleaseMark[];
    /** The step one points at; undefined for none. */
    onCursor(index: number | undefined): void;
  },
): uPlot.Options {
  const colourOf = (name: string): string => chartColour(host, name);
  const font = `12px ${getComputedStyle(host).fontFamily}`;
  const axis = {
    stroke: colourOf("--quiet"),
    font,
    grid: { stroke: colourOf("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: host.clientWidth,
    height: PLOT_HEIGHT,
    padding: [20, 22, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      sync: { key: "traffic" },
      points: { size: 7 },
    },
    scales: {
      x: { time: true, range: () => ends() },
      y: { range: (_plot, low, high) => yRange(chart, low, high) },
    },
    axes: [
      {
        ...axis,
        size: 46,
        gap: 10,
        space: 70,
        values: (_plot, splits, _index, _space, apart) => axisTimes(splits, apart),
      },
      {
        ...axis,
        size: (_plot, values) => 16 + 7 * Math.max(3, ...(values ?? []).map((text) => text.length)),
        space: 36,
        values: (_plot, splits) => splits.map((value) => (value === null ? "" : chart.format(value))),
        ...(chart.isWhole && { incrs: WHOLE_STEPS.toSorted((a, b) => a - b) }),
      },
    ],
    series: [
      {},
      ...chart.lines.map((line) => ({
        label: line.label,
        stroke: colourOf(HUES[line.hue]),
        width: line.dash === 0 ? 2 : 1.5,
        dash: DASHES[line.dash] ?? [],
        spanGaps: chart.spansGaps === true,
        points: { ...dots(line), stroke: colourOf(HUES[line.hue]), fill: colourOf("--panel") },
        ...(chart.shape === "steps" && uPlot.paths.stepped && { paths: uPlot.paths.stepped({ align: 1 }) }),
      })),
    ],
    plugins: [releaseMarks(marks, { colour: colourOf("--quiet"), font: getComputedStyle(host).fontFamily })],
    hooks: { setCursor: [({ cursor: { idx } }) => onCursor(idx ?? undefined)] },
  };
}

/** A line that has none shows them all the same where a value stands alone, and would not be seen. */
function dots({ hasDots }: ChartLine): uPlot.Series.Points {
  return {
    show: true,
    size: hasDots ? 6 : 5,
    width: 1.5,
    filter(plot, series) {
      const values = [...(plot.data[series] ?? [])];
      const isThere = (index: number): boolean => (values[index] ?? null) !== null;
      return values.flatMap((value, index) => {
        const isShown = hasDots ? value !== 0 : !isThere(index - 1) && !isThere(index + 1);
        return isThere(index) && isShown ? [index] : [];
      });
    },
  };
}

function yRange({ fromZero, isWhole }: TimeChart, low: number | null, high: number | null): [number, number] {
  const top = high ?? 0;
  if (fromZero) return [0, top > 0 ? top * 1.1 : isWhole ? 1 : 0.01];
  const room = Math.max(0.25, (top - (low ?? 0)) * 0.15);
  return [(low ?? 0) - room, top + room];
}
