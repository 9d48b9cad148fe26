import type { Scorecard } from "../../../shared/model/scorecard.ts";
import { evidenceAddress } from "../../../shared/report/evidence-address.ts";
import { countWords } from "../../data/number-words.ts";
import { Section } from "./section.tsx";

/** The files that the version is judged by, and that it answers from. */
export function DataSection({ card: { flow, data } }: { card: Scorecard }) {
  const { files, rows, missing, evidence } = data;
  return (
    <Section title="Data used" {...{ flow, missing, evidence }}>
      {rows !== "" && <p>{rows}.</p>}
      {files.length > 0 && (
        <table class="rows cards">
          <caption class="visually-hidden">The files that it is judged by, and that it answers from</caption>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">What</th>
              <th scope="col" class="number">
                Bytes
              </th>
              <th scope="col" class="number">
                SHA-256
              </th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.purpose + file.path}>
                <th scope="row" class="place">
                  <a href={evidenceAddress(flow, file.evidence)}>{file.path}</a>
                </th>
                <td data-name="What">{file.purpose}</td>
                <td data-name="Bytes" class="number">
                  {countWords(file.bytes)}
                </td>
                <td data-name="SHA-256" class="number">
                  <code title={file.sha256}>{file.sha256.slice(0, 16)}…</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
