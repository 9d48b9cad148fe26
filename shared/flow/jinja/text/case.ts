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

/** Greek vowels with an iota below them; those that are capitals have one form in which it stands beside them. */
const WITH_IOTA =
  /[\u1f80-\u1faf\u1fb2-\u1fb4\u1fb7\u1fbc\u1fc2-\u1fc4\u1fc7\u1fcc\u1ff2-\u1ff4\u1ff7\u1ffc]/;
const IOTA_TITLES = new Map(
  Array.from("ᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ", (letter) => [letter.toUpperCase(), letter] as const),
);

/** One letter as it stands at the start of a word. */
function titleLetter(letter: string): string {
  const known = TITLE_FORMS[letter];
  if (known !== undefined) return known;
  // Georgian letters have capitals, but words do not start with them.
  if (GEORGIAN.test(letter)) return letter;
  const upper = letter.toUpperCase();
  const [first = "", ...rest] = upper;
  // A Greek vowel keeps its iota below: in one letter where there is one, else as a mark.
  if (WITH_IOTA.test(letter)) return IOTA_TITLES.get(upper) ?? upper.replace("Ι", "\u0345");
  return letter === "\u0149" ? upper : first + rest.join("").toLowerCase();
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

/** The dotless i, which folding leaves, and Cherokee, which folds to capitals. */
const DOTLESS = "\u0131";
const CHEROKEE = /[\u13a0-\u13fd\uab70-\uabbf]/;

/** Python's `str.casefold`: what is equal but for case becomes equal. */
export function caseFold(text: string): string {
  return Array.from(text, foldLetter).join("");
}

function foldLetter(letter: string): string {
  if (letter === DOTLESS) return letter;
  if (CHEROKEE.test(letter)) return letter.toUpperCase();
  return letter.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
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
