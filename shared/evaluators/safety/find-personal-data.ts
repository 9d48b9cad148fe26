/** A stretch of a text that looks like personal data. */
export interface PersonalData {
  kind:
    | "an e-mail address"
    | "a phone number"
    | "a card number"
    | "a bank account"
    | "a social security number";
  text: string;
  /** Whether its check digits, or a form that hardly anything else has, say so. */
  certain: boolean;
}

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g;
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,4})?\b/g;
const DIGITS = /(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d.-]?\d)/g;
const SOCIAL = /(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g;
const PHONE =
  /(?<![\w.])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}|\(\d{3}\) ?\d{3}-\d{4}|\d{3}[.-]\d{3}[.-]\d{4})(?!\w)/g;
/** Visa, Mastercard, American Express, Discover, JCB, by their first digits. */
const ISSUERS = /^(?:4|5[1-5]|2[2-7]|3[47]|6(?:011|5)|35)/;

/** E-mail addresses, phone numbers, cards (Luhn), bank accounts (IBAN, mod 97) and US social security numbers. */
export function findPersonalData(text: string): PersonalData[] {
  const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([found]) => found);
  const found: PersonalData[] = [
    ...all(EMAIL).map((email): PersonalData => ({ kind: "an e-mail address", text: email, certain: false })),
    ...all(IBAN)
      .filter(isIban)
      .map((iban): PersonalData => ({ kind: "a bank account", text: iban, certain: true })),
    ...all(DIGITS)
      .filter(isCard)
      .map((card): PersonalData => ({ kind: "a card number", text: card, certain: true })),
    ...all(SOCIAL).map((number): PersonalData => ({
      kind: "a social security number",
      text: number,
      certain: true,
    })),
  ];
  const phones = all(PHONE).filter((phone) => !found.some((other) => other.text.includes(phone)));
  return [
    ...found,
    ...phones.map((phone): PersonalData => ({ kind: "a phone number", text: phone, certain: false })),
  ];
}

/** ISO/IEC 7812-1, annex B: every second digit from the right doubled, the sum of digits divisible by 10. */
function isCard(written: string): boolean {
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
function isIban(written: string): boolean {
  const compact = written.replaceAll(" ", "");
  if (compact.length < 15 || compact.length > 34) return false;
  const moved = compact.slice(4) + compact.slice(0, 4);
  let rest = 0;
  for (const character of moved) {
    for (const digit of String(Number.parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}
