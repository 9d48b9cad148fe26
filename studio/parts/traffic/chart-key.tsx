import { moment } from "../../data/format-time.ts";
import { type ChartLine, DASHES, type TimeChart } from "../../data/traffic/time-chart.ts";

/** What each line means, with its value at the step one points at, or at the last that has one. */
export function ChartKey({
  chart: { lines, format },
  times,
  pointed,
}: {
  chart: TimeChart;
  times: readonly number[];
  pointed: number | undefined;
}) {
  const seconds = pointed === undefined ? undefined : times[pointed];
  return (
    <ul class="chart-key">
      {lines.map((line) => {
        const value = pointed === undefined ? lastOf(line) : line.values[pointed];
        return (
          <li key={line.label}>
            <Sample line={line} />
            {line.label} <strong>{value === null || value === undefined ? "–" : format(value)}</strong>
          </li>
        );
      })}
      <li class="quiet">{seconds === undefined ? "latest" : moment(new Date(seconds * 1000))}</li>
    </ul>
  );
}

function Sample({ line: { hue, dash, hasDots } }: { line: ChartLine }) {
  return (
    <svg class={`sample hue-${hue}`} viewBox="0 0 28 10" aria-hidden="true">
      <line x1="0" y1="5" x2="28" y2="5" stroke-dasharray={DASHES[dash]?.join(" ")} />
      {hasDots && <circle cx="14" cy="5" r="3" />}
    </svg>
  );
}

function lastOf({ values }: ChartLine): number | null {
  return values.findLast((value) => value !== null) ?? null;
}
