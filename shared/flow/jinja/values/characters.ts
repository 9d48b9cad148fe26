/** Whether every character is one UTF-16 unit, as nearly always. */
function isSimple(text: string): boolean {
  return !/[\ud800-\udbff][\udc00-\udfff]/.test(text);
}

/** How many characters a text has, as Python counts them: code points. */
export function lengthOf(text: string): number {
  if (isSimple(text)) return text.length;
  let count = 0;
  for (let at = 0; at < text.length; at += widthAt(text, at)) count += 1;
  return count;
}

/** How many UTF-16 units the character here has. */
function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

export function sliceText(text: string, from: number, to?: number): string {
  return isSimple(text) ? text.slice(from, to) : Array.from(text).slice(from, to).join("");
}

/** The character at a position, which counts from the end where it is negative. */
export function characterAt(text: string, position: number): string | undefined {
  if (isSimple(text)) return text.at(position);
  const wanted = position < 0 ? lengthOf(text) + position : position;
  if (wanted < 0) return undefined;
  let at = 0;
  for (let count = 0; count < wanted && at < text.length; count += 1) at += widthAt(text, at);
  return at < text.length ? text.slice(at, at + widthAt(text, at)) : undefined;
}

/** What Python's `str.isspace` accepts, for a character class. */
export const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const LEADING = new RegExp(`^[${SPACE}]+`);
const SPACES = new RegExp(`[${SPACE}]+`);
const SPACE_ONLY = new RegExp(`^[${SPACE}]+$`);
const IS_SPACE = new RegExp(`[${SPACE}]`);

export function trimStart(text: string): string {
  return text.replace(LEADING, "");
}

/** Takes time linear in the length, which a pattern anchored at the end does not. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && IS_SPACE.test(text[end - 1] ?? "")) end -= 1;
  return text.slice(0, end);
}

export function isSpace(text: string): boolean {
  return SPACE_ONLY.test(text);
}

/** Python's `str.split()`: the words between runs of whitespace. */
export function wordsOf(text: string): string[] {
  return text.split(SPACES).filter((word) => word !== "");
}

const LINE_ENDS = "\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029";
const LINE_END = new RegExp(`(\\r\\n|[${LINE_ENDS}])`);

/** Python's `str.splitlines`. */
export function linesOf(text: string, keepEnds = false): string[] {
  const lines = text.split(LINE_END);
  const found: string[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    const line = lines[at] ?? "";
    const end = lines[at + 1];
    if (end === undefined && line === "") break;
    found.push(keepEnds ? line + (end ?? "") : line);
  }
  return found;
}
