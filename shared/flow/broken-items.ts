import { pastSpace } from "./json-members.ts";
import { parseStrictJson, type JsonProblem } from "./strict-json.ts";

/** An item of a JSON list, and where it starts in its text. */
export interface PlacedItem {
  value: unknown;
  offset: number;
}

/** More than these about one file help nobody. */
const MAX_PROBLEMS = 100;
const LIST_IN_OBJECT = /\{[ \t\r\n]*"[^"\\\n]*"[ \t\r\n]*:[ \t\r\n]*(?=\[)/y;
const MEND = "Separate the items with one comma each, and close the list with ].";

/**
 * The items of a list, or of the one list in an object, in a JSON text that cannot be read as a whole: each is read by
 * itself. Nothing, and no problem, where the text does not start with a list.
 */
export function brokenItems(text: string, start: number): { items: PlacedItem[]; problems: JsonProblem[] } {
  LIST_IN_OBJECT.lastIndex = start;
  const list = LIST_IN_OBJECT.test(text) ? LIST_IN_OBJECT.lastIndex : start;
  const items: PlacedItem[] = [];
  const problems: JsonProblem[] = [];
  if (text[list] !== "[") return { items, problems };
  const refuse = (offset: number, message: string): void => {
    problems.push({ severity: "error", offset, message: `This is not JSON: ${message}`, remedy: MEND });
  };
  let at = pastSpace(text, list + 1);
  /** What an item that cannot be read makes of what follows it is no problem of its own. */
  let isWhole = true;
  while (at < text.length && text[at] !== "]" && problems.length < MAX_PROBLEMS) {
    const end = endOfItem(text, at);
    // What is wrong with all of the text has been said of it.
    if (end === text.length && at === pastSpace(text, list + 1)) return { items, problems };
    if (end === at) {
      const isComma = text[at] === ",";
      if (isWhole) refuse(at, isComma ? "an item is missing here." : "nothing is open that this closes.");
      if (!isComma) at += 1;
    } else {
      const item = parseStrictJson(text.slice(at, end).trimEnd());
      const offset = at;
      problems.push(...item.problems.map((problem) => ({ ...problem, offset: offset + problem.offset })));
      isWhole = item.value !== undefined;
      if (isWhole) items.push({ value: item.value, offset });
    }
    at = pastSpace(text, Math.max(at, end));
    if (text[at] === ",") {
      const comma = at;
      at = pastSpace(text, at + 1);
      if (text[at] === "]") refuse(comma, "no item follows this comma.");
    } else if (at < text.length && !"]}".includes(text[at] ?? "") && isWhole) {
      refuse(at, "a comma is missing before this item.");
    }
  }
  if (at >= text.length && isWhole) refuse(text.length, "the list is not closed.");
  return { items, problems };
}

/**
 * Past the item that starts here: at the comma or the bracket behind it, or where the next one starts. A text ends with
 * its line, and an object where another stands in place of a key: what one item lacks does not swallow the others.
 */
function endOfItem(text: string, start: number): number {
  const open: string[] = [];
  let before = "";
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === '"') at = endOfText(text, at);
    else if (character === "{" || character === "[") {
      const inPlaceOfKey = character === "{" && open.at(-1) === "{" && before !== ":";
      if (inPlaceOfKey || (open.length === 0 && at > start)) return at;
      open.push(character);
    } else if (character === "}" || character === "]") {
      if (open.length === 0) return at;
      open.pop();
      if (open.length === 0) return at + 1;
    } else if (character === "," && open.length === 0) return at;
    if (character.trim() !== "") before = character;
  }
  return text.length;
}

/** The quote that ends the text which starts here, or the end of its line. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"' || text[at] === "\n") return at;
  }
  return text.length;
}
