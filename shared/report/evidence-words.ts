import type { EvidenceLink } from "../model/scorecard.ts";

/** `ledger entry 12, 3f9a1c2e8b04`: where a statement stands. */
export function evidenceWords(link: EvidenceLink): string {
  switch (link.kind) {
    case "ledger":
      return `ledger entry ${link.sequence}, ${link.hash.slice(0, 12)}`;
    case "run":
      return link.row === undefined ? `run ${link.run}` : `row ${link.row} of run ${link.run}`;
    case "suite":
      return `suite ${link.suite}`;
    default:
      return `version ${link.version}`;
  }
}
