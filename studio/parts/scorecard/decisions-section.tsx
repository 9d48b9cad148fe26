import type { Scorecard } from "../../../shared/model/scorecard.ts";
import { evidenceAddress } from "../../../shared/report/evidence-address.ts";
import { evidenceWords } from "../../../shared/report/evidence-words.ts";
import { DECISIONS } from "../../data/decision-words.ts";
import { moment } from "../../data/format-time.ts";
import { Badge } from "../badge.tsx";
import { Section } from "./section.tsx";

/** Every entry of the ledger about the version. "system" is the gate itself. */
export function DecisionsSection({ card: { flow, decisions } }: { card: Scorecard }) {
  const missing = decisions.length === 0 ? "Nothing was decided about this version." : undefined;
  return (
    <Section title="Who decided what" flow={flow} missing={missing} evidence={[]}>
      {decisions.length > 0 && (
        <table class="rows cards">
          <caption class="visually-hidden">Every entry of the ledger about this version, in order</caption>
          <thead>
            <tr>
              <th scope="col">Decision</th>
              <th scope="col">When</th>
              <th scope="col">By</th>
              <th scope="col">Why</th>
              <th scope="col">Change by</th>
              <th scope="col">Ledger</th>
            </tr>
          </thead>
          <tbody>
            {decisions.map(({ kind, at, actor, reason, commit, evidence }) => {
              const [tone, words] = DECISIONS[kind];
              return (
                <tr key={evidenceWords(evidence)}>
                  <th scope="row">
                    <Badge tone={tone}>{words}</Badge>
                  </th>
                  <td data-name="When">
                    <time dateTime={at}>{moment(new Date(at))}</time>
                  </td>
                  <td data-name="By">{actor}</td>
                  <td data-name="Why" class="place">
                    {reason}
                  </td>
                  <td data-name="Change by">{commit?.author ?? "–"}</td>
                  <td data-name="Ledger">
                    <a href={evidenceAddress(flow, evidence)}>{evidenceWords(evidence)}</a>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Section>
  );
}
