import type { FailedRow, Scorecard } from "../../../shared/model/scorecard.ts";
import { evidenceAddress } from "../../../shared/report/evidence-address.ts";
import { Section } from "./section.tsx";

/** The worst rows that failed something, each leading to all of it in its run. */
export function FailuresSection({ card: { flow, failures } }: { card: Scorecard }) {
  const { rows, missing, evidence } = failures;
  return (
    <Section title="Known failures" {...{ flow, missing, evidence }}>
      {rows.length > 0 && (
        <table class="rows cards">
          <caption class="visually-hidden">Rows that failed, the worst first</caption>
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">Question</th>
              <th scope="col">What failed</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.dataset} ${row.id} ${row.trial}`}>
                <th scope="row" class="place">
                  <a href={evidenceAddress(flow, row.evidence)}>{row.id}</a>
                </th>
                <td data-name="Question" class="place" dir="auto">
                  {row.question ?? <span class="quiet">no question</span>}
                </td>
                <td data-name="What failed" class="place">
                  {failureWords(row)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function failureWords({ error, refusal, scores }: FailedRow): string {
  const failed = scores.filter(({ passed }) => passed !== true);
  return (
    error ??
    refusal ??
    failed
      .map(({ metric, value, threshold = "a score" }) => `${metric} ${value.text}, needs ${threshold}`)
      .join("; ")
  );
}
