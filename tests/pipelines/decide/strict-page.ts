/** A page as a strict reader sees it: every tag, attribute and text, or an error where it is not well formed. */
export interface StrictPage {
  tags: { name: string; attributes: Record<string, string> }[];
  /** All of its text, entities read, outside of `style`. */
  text: string;
  style: string;
}

const VOID = new Set(["meta", "!doctype"]);
const TAG = /<(\/?)([a-z!][a-z0-9]*)((?:\s+[a-z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)\s*(\/?)>/y;
const ATTRIBUTE = /\s([a-z][a-zA-Z0-9-]*)(?:="([^"<>]*)")?/g;
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/**
 * Reads a page by stricter rules than HTML's: every element closed in order, every attribute value in double quotes,
 * every `<`, `>` and `&` of a text an entity. What passes here is read alike by every parser of HTML.
 */
export function readStrictly(page: string): StrictPage {
  const result: StrictPage = { tags: [], text: "", style: "" };
  const open: string[] = [];
  let at = 0;
  while (at < page.length) {
    if (page[at] !== "<") {
      const end = page.indexOf("<", at);
      const text = page.slice(at, end < 0 ? page.length : end);
      if (open.at(-1) === "style") result.style += text;
      else result.text += readText(text);
      at += text.length;
      continue;
    }
    TAG.lastIndex = at;
    const found = TAG.exec(page);
    if (!found) throw new Error(`No tag: ${page.slice(at, at + 80)}`);
    const [whole, closing, name = "", written = "", selfClosing] = found;
    at += whole.length;
    if (closing) {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last}>`);
      continue;
    }
    const attributes = [...written.matchAll(ATTRIBUTE)].map(([, key = "", value = ""]) => [
      key,
      readText(value),
    ]);
    result.tags.push({ name, attributes: Object.fromEntries(attributes) as Record<string, string> });
    if (!VOID.has(name) && !selfClosing) open.push(name);
  }
  if (open.length > 0) throw new Error(`Never closed: ${open.join(", ")}`);
  return result;
}

function readText(text: string): string {
  if (text.includes(">")) throw new Error(`Not escaped: ${text.slice(0, 80)}`);
  return text.replaceAll(/&([^;]{0,5};?)/g, (whole, name: string) => {
    const character = ENTITIES[name.slice(0, -1)];
    if (!name.endsWith(";") || character === undefined) throw new Error(`No entity: ${whole}`);
    return character;
  });
}
