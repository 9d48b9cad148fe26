import type { RowView, ScoreView } from "../../shared/model/report-view.ts";
import { type Html, html } from "./html.ts";

/**
 * The rows that did worst, each with its question, its answer, what it could draw on, why it scored so, and the `link`
 * to where it stands.
 */
export function rowsSection<Row extends RowView>(
  rows: readonly Row[],
  title = "Rows that need a reader",
  link?: (row: Row) => Html,
): Html | undefined {
  if (rows.length === 0) return undefined;
  return html`<section>
    <h2>${title}</h2>
    ${rows.map((row) => rowArticle(row, link?.(row)))}
  </section>`;
}

function rowArticle(row: RowView, link: Html | undefined): Html {
  const { id, dataset, trial, question, answer, context, baselineAnswer, error, refusal, scores } = row;
  return html`<article>
    <h3><bdi>${id}</bdi> <span class="quiet">${dataset}${trial > 0 ? `, trial ${trial + 1}` : ""}</span></h3>
    ${block("Question", question)} ${block("Answer", answer)} ${block("Refused", refusal)}
    ${block("Error", error)} ${scores.length > 0 ? scoreTable(id, scores) : undefined}
    ${folded("Answer of production", baselineAnswer)}
    ${folded("Context: what the answer could draw on", context)}
    ${link && html`<p class="reason">${link}</p>`}
  </article> `;
}

function block(name: string, text: string | undefined): Html | undefined {
  if (text === undefined) return undefined;
  return html`<h4>${name}</h4>
    <pre class="text" dir="auto">${text}</pre>`;
}

function folded(name: string, text: string | undefined): Html | undefined {
  if (text === undefined) return undefined;
  return html`<details>
    <summary>${name}</summary>
    <pre class="text" dir="auto">${text}</pre>
  </details>`;
}

function scoreTable(id: string, scores: readonly ScoreView[]): Html {
  const row = ({ metric, value, threshold, passed, reason }: ScoreView): Html => {
    const [style, word] =
      passed === null ? ["missing", "? missing"] : passed ? ["pass", "✓ pass"] : ["fail", "✗ fail"];
    return html`<tr>
      <th scope="row">${metric}</th>
      <td class="number" data-name="score">${value.text}</td>
      <td class="number${threshold === undefined ? " none" : ""}" data-name="needed">${threshold ?? "–"}</td>
      <td class="${style}">${word}</td>
      <td class="${reason === undefined ? "none" : ""}" data-name="reason">${reason ?? "–"}</td>
    </tr> `;
  };
  return html`<table class="cards">
    <caption>
      Scores of ${id}
    </caption>
    <thead>
      <tr>
        <th scope="col">metric</th>
        <th scope="col">score</th>
        <th scope="col">needed</th>
        <th scope="col">row</th>
        <th scope="col">reason</th>
      </tr>
    </thead>
    <tbody>
      ${scores.map(row)}
    </tbody>
  </table>`;
}
