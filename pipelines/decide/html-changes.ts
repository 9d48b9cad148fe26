import type { Changes, DiffLine, FileChange } from "../../shared/model/changes.ts";
import { type Html, html } from "./html.ts";

/** Sentences under a heading; nothing where there are none. */
export function sentencesSection(heading: string, sentences: readonly string[]): Html | undefined {
  if (sentences.length === 0) return undefined;
  return html`<section>
    <h2>${heading}</h2>
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </section>`;
}

/** What changed between the versions: settings as a table, files as unified diffs. */
export function changesSection(changes: Changes | undefined): Html | undefined {
  if (!changes) return undefined;
  const { files, settings, moreFiles } = changes;
  const nothing = files.length + settings.length === 0;
  return html`<section>
    <h2>What changed</h2>
    ${nothing ? html`<p>The version answers by the same files and settings as the one it was compared with.</p>` : undefined}
    ${settings.length > 0 ? settingsTable(settings) : undefined} ${files.map(fileDiff)}
    ${moreFiles > 0 ? html`<p class="quiet">${moreFiles} more files differ.</p>` : undefined}
  </section>`;
}

function settingsTable(settings: Changes["settings"]): Html {
  return html`<table class="cards">
    <caption>
      Models, parameters and steps.
    </caption>
    <thead>
      <tr>
        <th scope="col">setting</th>
        <th scope="col">production</th>
        <th scope="col">this version</th>
      </tr>
    </thead>
    <tbody>
      ${settings.map(
        ({ name, before, after }) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td data-name="production">${before ?? "not set"}</td>
            <td data-name="this version">${after ?? "not set"}</td>
          </tr> `,
      )}
    </tbody>
  </table>`;
}

/** Prompts are open: they are what most changes are about. */
function fileDiff({ path, role, kind, added, removed, diff, note }: FileChange): Html {
  const counts = added === undefined ? "" : `, lines +${added} −${removed ?? 0}`;
  return html`<details${role === "prompt" ? html` open` : undefined}>
<summary>${path} <span class="quiet">${role}, ${kind}${counts}</span></summary>
${note === undefined ? undefined : html`<p class="quiet">${note}</p>`}
${diff && diff.length > 0 ? html`<pre class="diff">${diff.map(diffLine)}</pre>` : undefined}
</details>
`;
}

const MARK: Record<DiffLine["kind"], string> = { hunk: "", same: "  ", removed: "- ", added: "+ " };

function diffLine({ kind, text }: DiffLine): Html {
  return html`<span class="${kind}">${MARK[kind]}${text}</span>`;
}
