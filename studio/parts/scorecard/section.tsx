import type { ComponentChildren } from "preact";
import type { EvidenceLink } from "../../../shared/model/scorecard.ts";
import { EvidenceLinks } from "./evidence-links.tsx";

/** A part of the scorecard: what is said, why something is not, and where it stands. */
export function Section({
  title,
  flow,
  missing,
  evidence,
  children,
}: {
  title: string;
  flow: string;
  missing?: string | undefined;
  evidence: readonly EvidenceLink[];
  children?: ComponentChildren;
}) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {missing !== undefined && <p class="note open">{missing}</p>}
      {children}
      <EvidenceLinks flow={flow} links={evidence} />
    </section>
  );
}
