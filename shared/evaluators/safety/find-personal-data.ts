import type { PersonalDataKind } from "../../model/guardrails.ts";

/** A stretch of a text that looks like personal data. */
export interface PersonalData {
  name: PersonalDataKind;
  /** The name in words. */
  kind: string;
  text: string;
  /** Whether its check digits, or a form that hardly anything else has, say so. */
  certain: boolean;
  /** Where it starts in the text. */
  start: number;
}

/** What a pattern found. */
type Stretch = Pick<PersonalData, "text" | "start">;

/** From the @, of which there are few: from every letter of a long text the way to it would be looked for. */
const AT_DOMAIN = /@(?<=([\w.+-]{1,64})@)[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g;
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,4})?\b/g;
const DIGITS = /(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d.-]?\d)/g;
const SOCIAL = /(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g;
const PHONE =
  /(?<![\w.])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}|\(\d{3}\) ?\d{3}-\d{4}|\d{3}[.-]\d{3}[.-]\d{4})(?!\w)/g;
/** Visa, Mastercard, American Express, Discover, JCB, by their first digits. */
const ISSUERS = /^(?:4|5[1-5]|2[2-7]|3[47]|6(?:011|5)|35)/;

/** E-mail addresses, phone numbers, cards (Luhn), bank accounts (IBAN, mod 97) and US social security numbers. */
export function findPersonalData(text: string): PersonalData[] {
  const all = (pattern: RegExp): Stretch[] =>
    Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({ text: found, start: index }));
  const found: PersonalData[] = [
    ...emailsIn(text).map(dataOf("email", "an e-mail address", false)),
    ...all(IBAN)
      .filter(isIban)
      .map(dataOf("bank_account", "a bank account", true)),
    ...all(DIGITS)
      .filter(isCard)
      .map(dataOf("card_number", "a card number", true)),
    ...all(SOCIAL).map(dataOf("social_security_number", "a social security number", true)),
  ];
  const phones = notWithin(found, all(PHONE));
  return [...found, ...phones.map(dataOf("phone", "a phone number", false))];
}

function emailsIn(text: string): Stretch[] {
  const found: Stretch[] = [];
  let end = 0;
  for (const { 0: domain, 1: local = "", index } of text.matchAll(AT_DOMAIN)) {
    // What is a domain of one address is no name of the next.
    const start = Math.max(end, index - local.length);
    if (start === index) continue;
    end = index + domain.length;
    found.push({ text: text.slice(start, end), start });
  }
  return found;
}

/** Those of `stretches`, in their order, that are no part of what was found already. */
function notWithin(found: readonly Stretch[], stretches: readonly Stretch[]): Stretch[] {
  const ordered = found.toSorted((a, b) => a.start - b.start);
  let next = 0;
  let end = 0;
  return stretches.filter((one) => {
    for (let other = ordered[next]; other && other.start <= one.start; other = ordered[++next])
      end = Math.max(end, other.start + other.text.length);
    return one.start + one.text.length > end;
  });
}

function dataOf(name: PersonalDataKind, kind: string, certain: boolean): (found: Stretch) => PersonalData {
  return (found) => ({ ...found, name, kind, certain });
}

/** ISO/IEC 7812-1, annex B: every second digit from the right doubled, the sum of digits divisible by 10. */
function isCard({ text: written }: Stretch): boolean {
  const digits = written.replaceAll(/\D/g, "");
  if (!ISSUERS.test(digits)) return false;
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

/** ISO 13616: the first four characters moved to the end, letters as 10 to 35, the remainder by 97 is 1. */
function isIban({ text: written }: Stretch): boolean {
  const compact = written.replaceAll(" ", "");
  if (compact.length < 15 || compact.length > 34) return false;
  const moved = compact.slice(4) + compact.slice(0, 4);
  let rest = 0;
  for (const character of moved) {
    for (const digit of String(Number.parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}
