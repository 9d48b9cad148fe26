/**
 * What stands between a question, a model's answer and who asked: checks before the model is called and before anything
 * is shown. They change how a flow answers, so they are part of its version.
 */
export interface Guardrails {
  input: Guardrail[];
  output: Guardrail[];
  /** What holds where a check cannot be made: the turn goes on without it, or is blocked. */
  whenUnavailable: "open" | "closed";
  /** What is said in place of an answer. */
  answer: string;
}

export type Guardrail =
  | { kind: "attack" }
  /** Blocked at this severity, 0 to 7, or above. */
  | { kind: "harm"; severities: Record<Harm, number> }
  | { kind: "personal_data"; kinds: PersonalDataKind[]; allow: string[] }
  | { kind: "secrets" }
  | { kind: "blocked_terms"; terms: string[] };

export type GuardrailKind = Guardrail["kind"];

export const HARMS = ["hate", "self_harm", "sexual", "violence"] as const;
export type Harm = (typeof HARMS)[number];

export const PERSONAL_DATA_KINDS = [
  "card_number",
  "bank_account",
  "social_security_number",
  "email",
  "phone",
] as const;
export type PersonalDataKind = (typeof PERSONAL_DATA_KINDS)[number];

/** Why a turn was blocked. Holds nothing of what was said. */
export interface GuardrailHit {
  /** `content_filter`: the model service's own, which no flow declares. */
  guardrail: GuardrailKind | "content_filter";
  /** What was looked at: what the client sent, what the steps found, or what the model wrote. */
  stage: "input" | "documents" | "output";
  /** What of the guardrail: a harm, a kind of personal data, a sign of an attack, the place of a term in its list. */
  category: string;
}

/** A check that could not be made. */
export interface UncheckedGuardrail extends Pick<GuardrailHit, "guardrail" | "stage"> {
  /** Why the service could not say; undefined where none is connected. */
  failure: Error | undefined;
}

/** What the guardrails of one turn found. */
export interface GuardrailFindings {
  blocked: GuardrailHit | undefined;
  unchecked: UncheckedGuardrail[];
}

/** As a report says it. */
export function guardrailReason({ guardrail, stage, category }: GuardrailHit): string {
  return `Blocked by the guardrail ${guardrail} (${stage}: ${category}).`;
}
