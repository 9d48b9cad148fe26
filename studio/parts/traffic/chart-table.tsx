import { useState } from "preact/hooks";
import { moment } from "../../data/format-time.ts";
import type { TimeChart } from "../../data/traffic/time-chart.ts";
import { Wide } from "../wide.tsx";

/** The numbers of a chart, newest first; steps in which nothing was are left out. Made when it is opened. */
export function ChartTable({ chart, times }: { chart: TimeChart; times: readonly number[] }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary class="small quiet">
        As a table<span class="visually-hidden">: {chart.title}</span>
      </summary>
      {isOpen && <Table chart={chart} times={times} />}
    </details>
  );
}

function Table({
  chart: { title, unit, lines, format },
  times,
}: {
  chart: TimeChart;
  times: readonly number[];
}) {
  const steps = times
    .map((seconds, index) => ({ seconds, values: lines.map(({ values }) => values[index] ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null && value !== 0))
    .reverse();
  return (
    <Wide label={`${title} as a table`}>
      <table class="rows dense">
        <caption class="visually-hidden">
          {title}, {unit}
        </caption>
        <thead>
          <tr>
            <th scope="col">from</th>
            {lines.map(({ label }) => (
              <th key={label} scope="col" class="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map(({ seconds, values }) => (
            <tr key={seconds}>
              <th scope="row">{moment(new Date(seconds * 1000))}</th>
              {values.map((value, index) => (
                <td key={lines[index]?.label} class="number">
                  {value === null ? "–" : format(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
