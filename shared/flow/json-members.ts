import { closingQuote } from "./json-shape.ts";

/** A member of a JSON object: where its key and its value start. */
interface JsonMember {
  name: string;
  key: number;
  value: number;
}

const SPACE = /[ \t\n\r]*/y;

/** The members of the object that starts at an offset of a valid JSON text, in its order; none of what is no object. */
export function jsonMembers(text: string, start: number): JsonMember[] {
  const members: JsonMember[] = [];
  if (text[start] !== "{") return members;
  let at = pastSpace(text, start + 1);
  while (text[at] === '"') {
    const key = at;
    const end = closingQuote(text, key) + 1;
    // Past the colon.
    const value = pastSpace(text, pastSpace(text, end) + 1);
    members.push({ name: JSON.parse(text.slice(key, end)) as string, key, value });
    at = pastSpace(text, pastValue(text, value));
    if (text[at] !== ",") break;
    at = pastSpace(text, at + 1);
  }
  return members;
}

/** Where each item starts of the list that starts at an offset of a valid JSON text. */
export function jsonItems(text: string, start: number): number[] {
  const items: number[] = [];
  let at = pastSpace(text, start + 1);
  while (at < text.length && text[at] !== "]") {
    items.push(at);
    at = pastSpace(text, pastValue(text, at));
    if (text[at] !== ",") break;
    at = pastSpace(text, at + 1);
  }
  return items;
}

/** Past the space that stands here. */
export function pastSpace(text: string, start: number): number {
  SPACE.lastIndex = start;
  SPACE.test(text);
  return SPACE.lastIndex;
}

/** Past the value that starts here. */
export function pastValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = closingQuote(text, at);
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    else if (depth > 0 || !isEnd(text[at + 1])) continue;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** Whether a number or a word ends before this character. */
function isEnd(character: string | undefined): boolean {
  return character === undefined || ",]} \t\n\r".includes(character);
}
