/** `${env:...}` or `${file:...}` in a text. */
export interface Reference {
  kind: "env" | "file";
  /** What follows the first colon. */
  content: string;
  /** In the text. */
  start: number;
  /** Behind its closing brace. */
  end: number;
  /** Whether the text is this reference and nothing else but space. */
  whole: boolean;
}

/** Starts and ends as a reference does and holds no other: whatever braces are in it. */
const WHOLE = /^\s*\$\{(env|file):((?:(?!\$\{)[^])*)\}\s*$/i;
const OPENING = /\$\{(\w{1,100}):/g;

/** The references in a text, in order; those within another one are part of its content. Takes linear time. */
export function findReferences(text: string): Reference[] {
  if (!text.includes("${")) return [];
  const [, whole, content = ""] = WHOLE.exec(text) ?? [];
  if (whole !== undefined) {
    return [{ kind: kindOf(whole) ?? "env", content, start: 0, end: text.length, whole: true }];
  }
  const closings = closingBraces(text);
  const found: Reference[] = [];
  let end = 0;
  for (const opening of text.matchAll(OPENING)) {
    const start = opening.index;
    const closing = closings.get(start + 1);
    if (start < end || closing === undefined) continue;
    end = closing + 1;
    const kind = kindOf(opening[1] ?? "");
    if (kind === undefined) continue;
    found.push({
      kind,
      content: text.slice(start + opening[0].length, closing),
      start,
      end,
      whole: false,
    });
  }
  const [only] = found;
  if (only === undefined || found.length > 1) return found;
  const around = text.slice(0, only.start) + text.slice(only.end);
  return [{ ...only, whole: around.trim() === "" }];
}

function kindOf(word: string): Reference["kind"] | undefined {
  return (["env", "file"] as const).find((kind) => kind === word.toLowerCase());
}

/** By the place of each brace that opens, that of the one that closes it. */
function closingBraces(text: string): Map<number, number> {
  const open: number[] = [];
  const closings = new Map<number, number>();
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === "{") open.push(index);
    if (text[index] !== "}") continue;
    const opening = open.pop();
    if (opening !== undefined) closings.set(opening, index);
  }
  return closings;
}
