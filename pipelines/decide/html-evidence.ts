import type { EvidenceEntry, EvidenceSection } from "../../shared/model/report-view.ts";
import { type Html, html } from "./html.ts";

/** How far the judge can be believed, and how groups compare. */
export function evidenceSections(sections: readonly EvidenceSection[]): Html[] {
  return sections.map(
    ({ title, note, head, rows, entries }) =>
      html`<section>
        <h2>${title}</h2>
        <table class="cards">
          <caption>
            ${note}
          </caption>
          <thead>
            <tr>
              ${head.map((name) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map((cells) => tableRow(head, cells))}
          </tbody>
        </table>
        ${
          entries.length > 0 &&
          html`<details>
            <summary>Where a person and the judge disagree</summary>
            ${entries.map(entryArticle)}
          </details>`
        }
      </section>`,
  );
}

function tableRow(head: readonly string[], [first = "", ...cells]: readonly string[]): Html {
  return html`<tr class="first">
    <th scope="row"><bdi>${first}</bdi></th>
    ${cells.map((text, index) => html`<td class="number" data-name="${head[index + 1] ?? ""}">${text}</td>`)}
  </tr>`;
}

function entryArticle({ title, facts }: EvidenceEntry): Html {
  return html`<article>
    <h3><bdi>${title}</bdi></h3>
    ${facts.map(
      ({ name, text }) =>
        html`<h4>${name}</h4>
          <pre class="text" dir="auto">${text}</pre>`,
    )}
  </article> `;
}
