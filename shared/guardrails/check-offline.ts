import { findPersonalData } from "../evaluators/safety/find-personal-data.ts";
import { SECRETS } from "../flow/secret-patterns.ts";
import type { Guardrail, GuardrailHit } from "../model/guardrails.ts";
import { compileBlockedTerms, type FindBlockedTerm } from "./blocked-terms.ts";
import { visibleText } from "./fold-text.ts";

type Found = Pick<GuardrailHit, "guardrail" | "category">;
type PersonalData = Extract<Guardrail, { kind: "personal_data" }>;

/**
 * What the guardrails that need no service find in a text: personal data, secrets, blocked terms. `said`: what the
 * client said, which an answer may repeat.
 */
export function checkOffline(
  guardrails: readonly Guardrail[],
  text: string,
  said: string,
): Found | undefined {
  for (const guardrail of guardrails) {
    const category = foundBy(guardrail, text, said);
    if (category !== undefined) return { guardrail: guardrail.kind, category };
  }
  return undefined;
}

function foundBy(guardrail: Guardrail, text: string, said: string): string | undefined {
  switch (guardrail.kind) {
    case "personal_data":
      return personalDataIn(guardrail, text, said);
    case "secrets": {
      const visible = visibleText(text);
      return SECRETS.find(({ pattern }) => pattern.test(visible))?.what;
    }
    case "blocked_terms": {
      const place = termsOf(guardrail.terms)(text);
      return place === undefined ? undefined : `term ${place + 1}`;
    }
    default:
      return undefined;
  }
}

function personalDataIn({ kinds, allow }: PersonalData, text: string, said: string): string | undefined {
  const known = compared(said);
  const allowed = allow.map(compared);
  return findPersonalData(visibleText(text)).find((data) => {
    if (!kinds.includes(data.name)) return false;
    const written = compared(data.text);
    return !known.includes(written) && !allowed.some((one) => written.includes(one));
  })?.name;
}

function compared(text: string): string {
  return visibleText(text)
    .toLowerCase()
    .replaceAll(/[\s().-]/g, "");
}

/** Compiled once: a version's list of terms is the same object for every turn. */
const compiled = new WeakMap<readonly string[], FindBlockedTerm>();

function termsOf(terms: readonly string[]): FindBlockedTerm {
  const known = compiled.get(terms) ?? compileBlockedTerms(terms);
  compiled.set(terms, known);
  return known;
}
