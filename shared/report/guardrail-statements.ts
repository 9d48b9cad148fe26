import type { Guardrail, Guardrails } from "../model/guardrails.ts";
import { plainCharacters } from "./plain-characters.ts";

const NAMES: Record<Guardrail["kind"], string> = {
  attack: "Attacks",
  harm: "Harm",
  personal_data: "Personal data",
  secrets: "Secrets",
  blocked_terms: "Blocked terms",
};

/** What a flow's guardrails do, in words. Blocked terms are counted: some are not to be read by everybody. */
export function guardrailStatements(guardrails: Guardrails | undefined): { name: string; text: string }[] {
  if (!guardrails) return [];
  const { input, output, whenUnavailable, answer } = guardrails;
  const stated = (stage: string, list: readonly Guardrail[]) =>
    list.map((guardrail) => ({ name: `${NAMES[guardrail.kind]} in ${stage}`, text: wordsOf(guardrail) }));
  return [
    ...stated("what is asked", input),
    ...stated("answers", output),
    {
      name: "Where a check cannot be made",
      text: whenUnavailable === "open" ? "the turn goes on without it" : "the turn is blocked",
    },
    { name: "Said in place of an answer", text: plainCharacters(answer) },
  ];
}

function wordsOf(guardrail: Guardrail): string {
  switch (guardrail.kind) {
    case "attack":
      return "blocked, also in what the steps found";
    case "harm":
      return Object.entries(guardrail.severities)
        .map(([harm, severity]) => `${harm.replace("_", " ")} from severity ${severity} of 7`)
        .join(", ");
    case "personal_data": {
      const kinds = guardrail.kinds.map((kind) => kind.replaceAll("_", " ")).join(", ");
      return guardrail.allow.length > 0 ? `${kinds}; allowed: ${guardrail.allow.join(", ")}` : kinds;
    }
    case "secrets":
      return "keys and passwords are blocked";
    default:
      return guardrail.terms.length === 1
        ? "1 term is blocked"
        : `${guardrail.terms.length} terms are blocked`;
  }
}
