import type { RequirementView } from "../../shared/model/report-view.ts";
import { type Html, html } from "./html.ts";
import { intervalBar } from "./interval-bar.ts";

/** What the gate asks, and what was measured, each with its interval; nothing where it asks nothing. */
export function requirementsSection(requirements: readonly RequirementView[]): Html | undefined {
  if (requirements.length === 0) return undefined;
  return html`<section>
    <h2>Requirements</h2>
    <table class="cards">
      <caption>
        What the gate asks, and what was measured. In the bars: the dot is the value, the thick line its 95 %
        interval, the dashed line what is needed.
      </caption>
      <thead>
        <tr>
          <th scope="col">requirement</th>
          <th scope="col">verdict</th>
          <th scope="col">measured</th>
          <th scope="col">95 % interval</th>
          <th scope="col">needed</th>
          <th scope="col">production</th>
          <th scope="col">difference</th>
        </tr>
      </thead>
      <tbody>
        ${requirements.map(requirementRows)}
      </tbody>
    </table>
  </section>`;
}

const MARKS: Record<RequirementView["outcome"], string> = {
  pass: "✓ pass",
  fail: "✗ fail",
  inconclusive: "? inconclusive",
  error: "! error",
};

function requirementRows(requirement: RequirementView): Html {
  const { name, outcome, value, interval, limit, baseline, difference, reason, power } = requirement;
  const cell = (head: string, text: string | undefined, more?: Html): Html =>
    text === undefined || text === "–"
      ? html`<td class="none">–</td>`
      : html`<td class="number" data-name="${head}">${text}${more}</td>`;
  const between = difference?.interval && `[${difference.interval.text}]`;
  return html`<tr class="first">
      <th scope="row">${name}</th>
      <td class="${outcome}">${MARKS[outcome]}</td>
      ${cell("measured", value.text)}${cell("95 % interval", interval?.text, intervalBar(requirement))}${cell("needed", limit.text)}${cell("production", baseline.text)}${cell("difference", difference && `${difference.text} ${between ?? ""}`)}
    </tr>
    <tr>
      <td class="reason" colspan="7">
        ${reason}${power === undefined ? undefined : html` <strong class="inconclusive">${power}</strong>`}
      </td>
    </tr> `;
}
