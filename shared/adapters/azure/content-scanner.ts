/** Reads the text out of chunks that differ from an earlier one in nothing else, without parsing them. */
export interface ContentScanner {
  /** The chunk's text; undefined where it must be parsed. */
  read(data: string): string | undefined;
  /** Takes a chunk that was parsed and holds nothing but `content` as the pattern of those to come. */
  learn(data: string, content: string): void;
}

const FIELD = /"content"\s*:\s*/g;

/**
 * Nearly all chunks of an answer are the same but for a few letters of text. A chunk that begins and ends as the
 * pattern, with one JSON string between, says what the pattern says with another text: by construction, whatever the
 * service writes. What is not so is parsed.
 */
export function createContentScanner(): ContentScanner {
  let prefix: string | undefined;
  let suffix = "";
  return {
    read(data) {
      if (prefix === undefined || !data.startsWith(prefix) || !data.endsWith(suffix)) return undefined;
      return stringIn(data, prefix.length, data.length - suffix.length);
    },
    learn(data, content) {
      for (const match of data.matchAll(FIELD)) {
        const from = match.index + match[0].length;
        const to = endOfString(data, from);
        if (to === undefined || stringIn(data, from, to) !== content) continue;
        prefix = data.slice(0, from);
        suffix = data.slice(to);
        return;
      }
    },
  };
}

/** The JSON string that fills `data` from `from` to before `to`; undefined where that is anything else. */
function stringIn(data: string, from: number, to: number): string | undefined {
  if (to - from < 2 || data[from] !== '"' || data[to - 1] !== '"') return undefined;
  const literal = data.slice(from, to);
  if (!literal.includes("\\"))
    return literal.indexOf('"', 1) === literal.length - 1 ? literal.slice(1, -1) : undefined;
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function endOfString(data: string, from: number): number | undefined {
  if (data[from] !== '"') return undefined;
  for (let at = from + 1; at < data.length; at += 1) {
    if (data[at] === "\\") at += 1;
    else if (data[at] === '"') return at + 1;
  }
  return undefined;
}
