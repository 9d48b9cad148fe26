import { SECRETS } from "./secret-patterns.ts";

const SECRET_WORDS = new Set(
  "key apikey secret token password passwd pwd passphrase credential auth cookie connection sas".split(" "),
);
/** A web token, a password in an address, or what is too random to be a name: long hexadecimal, long mixed text. */
const SECRET_VALUES = [
  /^eyJ[\w-]{10,}\.[\w-]{10,}/,
  /^\w{1,20}:\/\/[^\s/:@]{0,200}:[^\s/@]{1,200}@/,
  /^[0-9a-f]{32,}$/i,
  /^(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])[\w+/=-]{32,}$/,
];

/**
 * Whether a value is to be kept from a screen or a log: because of a name that leads to it (its variable's, its
 * field's, as `apiKey` or `OPENAI_API_KEY`), or because it looks as keys do.
 */
export function isSecret(names: readonly string[], value: string): boolean {
  if (value === "") return false;
  const words = names.flatMap(wordsOf);
  if (words.some((word) => SECRET_WORDS.has(word) || (word !== "tokens" && SECRET_WORDS.has(singular(word)))))
    return true;
  return [...SECRETS.map(({ pattern }) => pattern), ...SECRET_VALUES].some((pattern) => pattern.test(value));
}

/** `OPENAI_API_KEY` and `openaiApiKey` are openai, api and key. */
function wordsOf(name: string): string[] {
  const divided = name.slice(0, 500).replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2");
  return divided.toLowerCase().split(/[^a-z]+/);
}

function singular(word: string): string {
  return word.replace(/s$/, "");
}
