/** The two parts of a `.prompty` file. Lines count from 1. */
export interface SplitPrompty {
  /** Undefined where the file has none and is all template. */
  frontmatter: string | undefined;
  frontmatterLine: number;
  body: string;
  bodyLine: number;
}

const OPENING = /^\s*(?:---|\+\+\+)[ \t]*(?:\n|$)/;
const CLOSING = /^(?:---|\+\+\+)[ \t]*$/m;

/** Divides a file at its `---` (or `+++`) lines. Undefined where the frontmatter opens and never closes. */
export function splitFrontmatter(text: string): SplitPrompty | undefined {
  const opening = OPENING.exec(text);
  if (opening === null) return { frontmatter: undefined, frontmatterLine: 1, ...bodyAt(text, 0) };
  const start = opening[0].length;
  const rest = text.slice(start);
  const closing = CLOSING.exec(rest);
  if (closing === null) return undefined;
  return {
    frontmatter: rest.slice(0, closing.index),
    frontmatterLine: lineAt(text, start),
    ...bodyAt(text, start + closing.index + closing[0].length),
  };
}

/** The template without the whitespace around it. */
function bodyAt(text: string, from: number): Pick<SplitPrompty, "body" | "bodyLine"> {
  const rest = text.slice(from);
  const start = from + rest.length - rest.trimStart().length;
  return { body: rest.trim(), bodyLine: lineAt(text, start) };
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
