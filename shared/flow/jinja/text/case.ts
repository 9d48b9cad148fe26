/** Letters that are two in one, whose form at the start of a word is neither upper nor lower case. */
const TITLE_FORMS: Record<string, string> = Object.fromEntries(
  ["ǄǅǆDŽ", "ǇǈǉLJ", "ǊǋǌNJ", "ǱǲǳDZ"].flatMap((row) => {
    const [upper = "", title = "", lower = ""] = row;
    return [upper, title, lower].map((letter) => [letter, title]);
  }),
);

const CASED = /\p{Cased}/u;
const UPPER = /\p{Uppercase}/u;
const LOWER = /\p{Lowercase}/u;
const GEORGIAN = /[\u10d0-\u10ff]/;

/** One letter as it stands at the start of a word. */
function titleLetter(letter: string): string {
  const known = TITLE_FORMS[letter];
  if (known !== undefined) return known;
  // Georgian letters have capitals, but words do not start with them.
  if (GEORGIAN.test(letter)) return letter;
  const [first = "", ...rest] = letter.toUpperCase();
  return first + rest.join("").toLowerCase();
}

/** Python's `str.capitalize`: the first letter upper case, all others lower case. */
export function capitalize(text: string): string {
  const [first = ""] = text;
  return titleLetter(first) + text.toLowerCase().slice(first.toLowerCase().length);
}

/** Python's `str.title`: a letter that follows no letter is upper case, all others lower case. */
export function title(text: string): string {
  const lower = text.toLowerCase();
  let titled = "";
  let at = 0;
  let inWord = false;
  for (const letter of text) {
    const length = letter.toLowerCase().length;
    // Taken from the whole text's lower case, as a sigma has another form at the end of a word.
    titled += inWord ? lower.slice(at, at + length) : titleLetter(letter);
    at += length;
    inWord = CASED.test(letter);
  }
  return titled;
}

/** Jinja2's `title` filter: words are split at spaces, hyphens and opening brackets only. */
export function titleWords(text: string): string {
  return text.replaceAll(/[^-\s({[<]+/g, (word) => {
    const [first = ""] = word;
    return first.toUpperCase() + word.slice(first.length).toLowerCase();
  });
}

export function swapCase(text: string): string {
  const lower = text.toLowerCase();
  let swapped = "";
  let at = 0;
  for (const letter of text) {
    const length = letter.toLowerCase().length;
    if (UPPER.test(letter)) swapped += lower.slice(at, at + length);
    else swapped += LOWER.test(letter) ? letter.toUpperCase() : letter;
    at += length;
  }
  return swapped;
}

/** Letters that folding leaves, though they have another case. */
const UNFOLDED = /[\u0131\u13a0-\u13f5]/;

/** Python's `str.casefold`: what is equal but for case becomes equal. */
export function caseFold(text: string): string {
  return Array.from(text, foldLetter).join("");
}

function foldLetter(letter: string): string {
  if (UNFOLDED.test(letter)) return letter;
  return letter.toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

export function isUpper(text: string): boolean {
  return hasOnlyCase(text, UPPER, LOWER);
}

export function isLower(text: string): boolean {
  return hasOnlyCase(text, LOWER, UPPER);
}

function hasOnlyCase(text: string, wanted: RegExp, other: RegExp): boolean {
  return wanted.test(text) && !other.test(text) && !/\p{Lt}/u.test(text);
}

/** Python's `str.istitle`: capitals after no letter, small letters after letters, and one letter at least. */
export function isTitle(text: string): boolean {
  let inWord = false;
  let found = false;
  for (const letter of text) {
    const isCapital = UPPER.test(letter) || /\p{Lt}/u.test(letter);
    if (isCapital ? inWord : LOWER.test(letter) && !inWord) return false;
    inWord = isCapital || LOWER.test(letter);
    found ||= inWord;
  }
  return found;
}
