import type { MetricView } from "../../shared/model/report-view.ts";
import { type Html, html } from "./html.ts";

/** Every metric over the rows that were used. */
export function metricsSection(metrics: readonly MetricView[], compared: boolean): Html {
  const row = (view: MetricView): Html => {
    const cells: [string, string][] = [
      ["mean", view.mean.text],
      ...(compared ? [["production's mean", view.baselineMean.text] as [string, string]] : []),
      ["rows passing", view.passRate.text],
      ["a row passes at", view.rowThreshold ?? "–"],
      ["p95", view.p95.text],
      ["defects", String(view.defects)],
      ["scored", `${view.scored} of ${view.rows}`],
    ];
    return html`<tr>
      <th scope="row">${view.metric}</th>
      ${cells.map(([name, text]) => html`<td class="number${text === "–" ? " none" : ""}" data-name="${name}">${text}</td>`)}
    </tr> `;
  };
  return html`<section>
    <h2>What was measured</h2>
    <table class="cards">
      <caption>
        Every metric over the rows that were used.
      </caption>
      <thead>
        <tr>
          <th scope="col">metric</th>
          <th scope="col">mean</th>
          ${compared ? html`<th scope="col">production's mean</th>` : undefined}
          <th scope="col">rows passing</th>
          <th scope="col">a row passes at</th>
          <th scope="col">p95</th>
          <th scope="col">defects</th>
          <th scope="col">scored</th>
        </tr>
      </thead>
      <tbody>
        ${metrics.map(row)}
      </tbody>
    </table>
  </section>`;
}
