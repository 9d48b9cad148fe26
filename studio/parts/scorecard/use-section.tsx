import type { Scorecard } from "../../../shared/model/scorecard.ts";
import { Section } from "./section.tsx";

/** What the version is for, and what it is not. */
export function UseSection({ card: { flow, use } }: { card: Scorecard }) {
  const { intendedUse, notFor, limits, contact, missing, evidence } = use;
  return (
    <Section title="Intended use and limits" {...{ flow, missing, evidence }}>
      {intendedUse !== undefined && <p class="text measure">{intendedUse}</p>}
      <List title="Not for" texts={notFor} />
      <List title="Limits" texts={limits} />
      {contact !== undefined && <p>Who answers for it: {contact}</p>}
    </Section>
  );
}

function List({ title, texts }: { title: string; texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </>
  );
}
