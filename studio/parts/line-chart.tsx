import { useEffect, useRef } from "preact/hooks";
import { LOCALE } from "../data/safe-locale.ts";
import { uPlot } from "../data/uplot.ts";
import { chartColour } from "../data/chart-colour.ts";
import { clockTime } from "../data/format-time.ts";
import { onThemeChange } from "../data/theme.ts";

export interface ChartSeries {
  label: string;
  /** One for each time; null where there is none. */
  values: readonly (number | null)[];
  /** Name of a colour in `tokens.css`, such as `--accent`. */
  colour: string;
  /** Holds its value until the next time. */
  stepped?: boolean;
  dashed?: boolean;
}

const HEIGHT = 200;

/**
 * Lines over time. `times` are milliseconds since 1970, in order; `format` gives a value its unit. What the chart shows
 * is said in `label` too, and belongs in a table beside it for who does not see charts.
 */
export function LineChart({
  label,
  times,
  series,
  format,
  isLogarithmic = false,
  least = 0,
  most,
}: {
  label: string;
  times: readonly number[];
  series: readonly ChartSeries[];
  format: (value: number) => string;
  isLogarithmic?: boolean;
  /** The lowest and the least highest value of the upright axis. */
  least?: number;
  most?: number;
}) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const shape = JSON.stringify([series.map((one) => ({ ...one, values: [] })), isLogarithmic, least, most]);
  const data = [
    times.map((time) => time / 1000),
    ...series.map(({ values }) => [...values]),
  ] as uPlot.AlignedData;
  const shown = useRef({ data, format });
  shown.current = { data, format };

  useEffect(() => {
    const host = place.current;
    if (!host) return undefined;
    const draw = (): void => {
      chart.current?.destroy();
      chart.current = new uPlot(
        chartOptions({ host, series, isLogarithmic, least, most, shown }),
        shown.current.data,
        host,
      );
    };
    draw();
    const resized = new ResizeObserver(() => {
      chart.current?.setSize({ width: host.clientWidth, height: HEIGHT });
    });
    resized.observe(host);
    const unsubscribe = onThemeChange(draw);
    return () => {
      resized.disconnect();
      unsubscribe();
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [shape]);

  const text = JSON.stringify(data);
  useEffect(() => {
    chart.current?.setData(shown.current.data);
  }, [text]);

  return <div class="chart" role="img" aria-label={label} ref={place} />;
}

interface Drawing {
  host: HTMLElement;
  series: readonly ChartSeries[];
  isLogarithmic: boolean;
  least: number;
  most: number | undefined;
  shown: { current: { format: (value: number) => string } };
}

function chartOptions({ host, series, isLogarithmic, least, most, shown }: Drawing): uPlot.Options {
  const colour = (name: string): string => chartColour(host, name);
  const axis = {
    stroke: colour("--quiet"),
    font: "12px system-ui, sans-serif",
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  const format = (value: number): string => shown.current.format(value);
  return {
    width: host.clientWidth,
    height: HEIGHT,
    // Room for the half of the last time that stands beyond the axis.
    padding: [12, 30, 0, 0],
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    legend: { live: true },
    scales: {
      x: { time: true },
      y: {
        ...(isLogarithmic && { distr: 3, log: 10 }),
        range: (_chart, _low, high) => [
          least,
          Math.max(most ?? 0, Number.isFinite(high) ? high * 1.05 : 0, least * 2 || 1),
        ],
      },
    },
    axes: [
      { ...axis, size: 36, gap: 10, space: 80, values: (_chart, seconds) => axisTimes(seconds) },
      {
        ...axis,
        size: 64,
        values: (_chart, values) => values.map((value) => (value === null ? "" : format(value))),
      },
    ],
    series: [
      {
        label: "time",
        value: (chart, seconds: number | null) => {
          const shownAt = seconds ?? chart.data[0].at(-1);
          return shownAt === undefined ? "–" : clockTime(new Date(shownAt * 1000));
        },
      },
      ...series.map((one): uPlot.Series => ({
        label: one.label,
        stroke: colour(one.colour),
        width: 1.75,
        points: { show: one.values.length < 3 },
        ...(one.dashed && { dash: [5, 4] }),
        ...(one.stepped && uPlot.paths.stepped && { paths: uPlot.paths.stepped({ align: 1 }) }),
        // While nobody points at the chart: how it stands at its end.
        value: (chart, value: number | null, index, step) => {
          const shownValue = step === null ? chart.data[index]?.at(-1) : value;
          return shownValue === null || shownValue === undefined ? "–" : format(shownValue);
        },
      })),
    ],
  };
}

/** Times to the second or the minute, days where the axis spans several. */
function axisTimes(seconds: readonly number[]): string[] {
  const step = (seconds[1] ?? 0) - (seconds[0] ?? 0);
  const format = new Intl.DateTimeFormat(
    LOCALE,
    step >= 86_400
      ? { day: "numeric", month: "short" }
      : { hour: "2-digit", minute: "2-digit", ...(step < 60 && { second: "2-digit" }) },
  );
  return seconds.map((time) => format.format(time * 1000));
}
