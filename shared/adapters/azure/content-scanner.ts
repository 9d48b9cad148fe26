/** Reads the text out of chunks that differ from an earlier one in nothing else, without parsing them. */
export interface ContentScanner {
  /** Adds the texts of all such chunks that stand one after another from `from` on; returns where they end. */
  readAll(text: string, from: number, texts: unknown[]): number;
  /** Takes a chunk that was parsed and holds nothing but `content` as the pattern of those to come. */
  learn(event: string, content: string): void;
}

const FIELD = /"content"\s*:\s*"/g;
const FIRST_LETTER = 0x20;
const BACKSLASH = 0x5c;

/**
 * Nearly all chunks of an answer are the same but for a few letters of text. An event that begins and ends as the
 * pattern, with one JSON string between, says what the pattern says with another text: by construction, whatever the
 * service writes. What is not so is parsed. An event is all of its lines and the empty one that ends it.
 */
export function createContentScanner(): ContentScanner {
  /** Up to the quote that opens the text, and from the quote that closes it. */
  let opening: string | undefined;
  let closing = "";
  return {
    readAll(text, from, texts) {
      if (opening === undefined) return from;
      let at = from;
      for (;;) {
        const start = at + opening.length;
        // Two slices are compared in one go, where `startsWith` goes letter by letter.
        if (text.slice(at, start) !== opening) return at;
        const end = endOfString(text, start);
        if (end === undefined || text.slice(end, end + closing.length) !== closing) return at;
        const content = stringIn(text, start, end);
        if (content === undefined) return at;
        texts.push(content);
        at = end + closing.length;
      }
    },
    learn(event, content) {
      const [field, another] = event.matchAll(FIELD);
      // Of two such fields it is not known which one is the text.
      if (!field || another) return;
      const start = field.index + field[0].length;
      const end = endOfString(event, start);
      if (end === undefined || stringIn(event, start, end) !== content) return;
      opening = event.slice(0, start);
      closing = event.slice(end);
    },
  };
}

/** Where the JSON string ends whose first letter is at `from`: its closing quote. */
function endOfString(text: string, from: number): number | undefined {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return undefined;
}

/** The JSON string whose letters go from `from` to before `to`; undefined where that is anything else. */
function stringIn(text: string, from: number, to: number): string | undefined {
  let isPlain = true;
  for (let at = from; at < to; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter < FIRST_LETTER) return undefined;
    isPlain &&= letter !== BACKSLASH;
  }
  if (isPlain) return text.slice(from, to);
  try {
    return JSON.parse(text.slice(from - 1, to + 1)) as string;
  } catch {
    return undefined;
  }
}
