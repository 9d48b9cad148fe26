import type { MetricView } from "../../shared/model/report-view.ts";
import { Wide } from "./wide.tsx";

/** Every metric over the rows that were used. */
export function MetricsTable({ metrics }: { metrics: readonly MetricView[] }) {
  const compared = metrics.some(({ baselineMean }) => baselineMean.value !== null);
  const heads = [
    "mean",
    ...(compared ? ["production’s mean"] : []),
    "passing",
    "at",
    "p95",
    "defects",
    "scored",
  ];
  return (
    <Wide label="What was measured">
      <table class="rows">
        <caption class="visually-hidden">What was measured</caption>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            {heads.map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {metrics.map((view) => (
            <tr key={view.metric}>
              <th scope="row">{view.metric}</th>
              <td class="number">{view.mean.text}</td>
              {compared && <td class="number">{view.baselineMean.text}</td>}
              <td class="number">{view.passRate.text}</td>
              <td class="number">{view.rowThreshold ?? "–"}</td>
              <td class="number">{view.p95.text}</td>
              <td class="number">{view.defects}</td>
              <td class="number">
                {view.scored} of {view.rows} rows
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
