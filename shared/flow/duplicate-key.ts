import { closingQuote } from "./json-shape.ts";

/**
 * The first key of a valid JSON text that its object has already, and where it stands for the second time. Keys are
 * equal as they are read: `"\u0061"` is `"a"`.
 */
export function duplicateKey(text: string): { name: string; offset: number } | undefined {
  /** The keys of each object that is open; none for a list. */
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "{") {
      open.push(new Set());
      isKey = true;
    } else if (character === "[") {
      open.push(undefined);
      isKey = false;
    } else if (character === "}" || character === "]") {
      open.pop();
      isKey = false;
    } else if (character === ",") {
      isKey = open.at(-1) !== undefined;
    } else if (character === '"') {
      const end = closingQuote(text, at);
      const keys = open.at(-1);
      if (isKey && keys !== undefined) {
        const name = JSON.parse(text.slice(at, end + 1)) as string;
        if (keys.has(name)) return { name, offset: at };
        keys.add(name);
        isKey = false;
      }
      at = end;
    }
  }
  return undefined;
}
