import type { EvidenceLink } from "../../../shared/model/scorecard.ts";
import { evidenceAddress } from "../../../shared/report/evidence-address.ts";
import { evidenceWords } from "../../../shared/report/evidence-words.ts";

/** Where what was just said stands. */
export function EvidenceLinks({ flow, links }: { flow: string; links: readonly EvidenceLink[] }) {
  if (links.length === 0) return null;
  return (
    <p class="quiet small">
      Evidence:{" "}
      {links.map((link, index) => (
        <>
          {index > 0 && ", "}
          <a key={evidenceWords(link)} href={evidenceAddress(flow, link)}>
            {evidenceWords(link)}
          </a>
        </>
      ))}
    </p>
  );
}
