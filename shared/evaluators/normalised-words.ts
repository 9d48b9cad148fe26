import { normalForm } from "../normal-form.ts";

/**
 * The words that text overlap compares: lower case, without punctuation and without a, an and the, as the SQuAD
 * evaluation defines them (Rajpurkar et al. 2016, official script v1.1). Beyond that script, punctuation of every
 * language is dropped, and what looks the same compares the same (Unicode NFKC).
 */
export function normalisedWords(text: string): string[] {
  return normalForm(text, "NFKC")
    .toLowerCase()
    .replace(/[\p{P}$+<=>^`|~]/gu, "")
    .split(/\s+/u)
    .filter((word) => word !== "" && word !== "a" && word !== "an" && word !== "the");
}
