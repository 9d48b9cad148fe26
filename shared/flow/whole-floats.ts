const NUMBER_OR_TEXT = /["\d]/g;
const NUMBER = /\d+(?:\.\d+)?(?:e[-+]?\d+)?/iy;
const END_OR_ESCAPE = /["\\]/g;

/**
 * The numbers of a valid JSON text that are written as floats and whole, such as 2.0, and where each stands; no more
 * than `most`. Texts are stepped over and not matched: one expression for a text of megabytes outgrows the stack.
 */
export function wholeFloats(text: string, most: number): { written: string; offset: number }[] {
  const found: { written: string; offset: number }[] = [];
  let at = nextAt(NUMBER_OR_TEXT, text, 0);
  while (at < text.length && found.length < most) {
    if (text[at] === '"') {
      at = pastText(text, at);
    } else {
      NUMBER.lastIndex = at;
      const digits = NUMBER.exec(text)?.[0] ?? "0";
      const isNegative = text[at - 1] === "-";
      const written = isNegative ? `-${digits}` : digits;
      if (/[.e]/i.test(digits) && Number.isInteger(Number(written)))
        found.push({ written, offset: isNegative ? at - 1 : at });
      at += digits.length;
    }
    at = nextAt(NUMBER_OR_TEXT, text, at);
  }
  return found;
}

/** Behind the text that begins at a quote. */
function pastText(text: string, start: number): number {
  let at = nextAt(END_OR_ESCAPE, text, start + 1);
  while (text[at] === "\\") at = nextAt(END_OR_ESCAPE, text, at + 2);
  return at + 1;
}

/** The text's length where there is no more. */
function nextAt(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}
