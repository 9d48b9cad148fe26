import type { EvidenceSection } from "../../shared/model/report-view.ts";
import { Wide } from "./wide.tsx";

/** How far the judge can be believed, and how groups compare. */
export function Evidence({ sections }: { sections: readonly EvidenceSection[] }) {
  return (
    <>
      {sections.map(({ title, note, head, rows, entries }) => (
        <section key={title} aria-label={title}>
          <h2>{title}</h2>
          {rows.length > 0 && (
            <Wide label={title}>
              <table class="rows">
                <caption class="visually-hidden">{title}</caption>
                <thead>
                  <tr>
                    {head.map((cell, index) => (
                      <th key={cell} scope="col" class={index > 0 ? "number" : ""}>
                        {cell}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map(([first, ...others]) => (
                    <tr key={first}>
                      <th scope="row">{first}</th>
                      {others.map((cell, index) => (
                        <td key={index} class="number">
                          {cell}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </Wide>
          )}
          <p class="quiet small measure">{note}</p>
          {entries.map((entry) => (
            <details key={entry.title} class="entry">
              <summary>{entry.title}</summary>
              {entry.facts.map(({ name, text }) => (
                <section key={name}>
                  <h3>{name}</h3>
                  <p class="text">{text}</p>
                </section>
              ))}
            </details>
          ))}
        </section>
      ))}
    </>
  );
}
