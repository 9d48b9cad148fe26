import { findPersonalData } from "../evaluators/safety/find-personal-data.ts";
import { SECRETS } from "../flow/secret-patterns.ts";
import type { Guardrail, GuardrailHit } from "../model/guardrails.ts";
import { compileBlockedTerms, type FindBlockedTerm } from "./blocked-terms.ts";
import { isWhole, visiblePieces, type VisiblePiece } from "./visible-pieces.ts";

type Found = Pick<GuardrailHit, "guardrail" | "category">;
type PersonalData = Extract<Guardrail, { kind: "personal_data" }>;

const SECRETS_IN_TEXT = SECRETS.map(({ what, pattern }) => ({ what, pattern: new RegExp(pattern, "g") }));

/** What the client said, which an answer may repeat. */
export interface Said {
  /** Whether it holds this text, however it is divided and whatever its case. */
  holds(text: string): Promise<boolean>;
}

/** Read when it is asked for first: few answers hold anything that might be a repetition. */
export function whatWasSaid(text: string): Said {
  let known: Promise<string> | undefined;
  return {
    async holds(told) {
      known ??= comparedInPieces(text);
      return (await known).includes(compared(told));
    },
  };
}

/**
 * What the guardrails that need no service find in a text: personal data, secrets, blocked terms. Lets others work in
 * between where the text is long.
 */
export async function checkOffline(
  guardrails: readonly Guardrail[],
  text: string,
  said: Said,
): Promise<Found | undefined> {
  const looked = guardrails.filter(({ kind }) => kind !== "attack" && kind !== "harm");
  if (looked.length === 0) return undefined;
  for await (const piece of visiblePieces(text)) {
    for (const guardrail of looked) {
      const category = await foundBy(guardrail, piece, said);
      if (category !== undefined) return { guardrail: guardrail.kind, category };
    }
  }
  return undefined;
}

async function foundBy(guardrail: Guardrail, piece: VisiblePiece, said: Said): Promise<string | undefined> {
  switch (guardrail.kind) {
    case "personal_data":
      return personalDataIn(guardrail, piece, said);
    case "secrets":
      return SECRETS_IN_TEXT.find(({ pattern }) => hasWhole(pattern, piece))?.what;
    case "blocked_terms": {
      const place = termsOf(guardrail.terms)(piece);
      return place === undefined ? undefined : `term ${place + 1}`;
    }
    default:
      return undefined;
  }
}

function hasWhole(pattern: RegExp, piece: VisiblePiece): boolean {
  const { text } = piece;
  for (const { 0: found, index } of text.matchAll(pattern))
    if (isWhole(piece, text, index, index + found.length)) return true;
  return false;
}

async function personalDataIn(
  { kinds, allow }: PersonalData,
  piece: VisiblePiece,
  said: Said,
): Promise<string | undefined> {
  const allowed = allow.map(compared);
  for (const { name, text, start } of findPersonalData(piece.text)) {
    if (!kinds.includes(name) || !isWhole(piece, piece.text, start, start + text.length)) continue;
    const written = compared(text);
    if (!allowed.some((one) => written.includes(one)) && !(await said.holds(written))) return name;
  }
  return undefined;
}

/** Of a visible text: what is compared was divided in pieces, which are. */
function compared(text: string): string {
  return text.toLowerCase().replaceAll(/[\s().-]/g, "");
}

async function comparedInPieces(text: string): Promise<string> {
  let all = "";
  for await (const { text: piece } of visiblePieces(text, 0)) all += compared(piece);
  return all;
}

/** Compiled once: a version's list of terms is the same object for every turn. */
const compiled = new WeakMap<readonly string[], FindBlockedTerm>();

function termsOf(terms: readonly string[]): FindBlockedTerm {
  const known = compiled.get(terms) ?? compileBlockedTerms(terms);
  compiled.set(terms, known);
  return known;
}
