import { wordsOf } from "../values/characters.ts";
import { unescapeEntities } from "./entities.ts";

/** Jinja2's `striptags`: comments and tags removed, whitespace collapsed, entities decoded. */
export function stripTags(text: string): string {
  const bare = without(without(text, "<!--", "-->"), "<", ">");
  return unescapeEntities(wordsOf(bare).join(" "));
}

/** Removes everything from a start to the end that comes next after it, for as long as there is one. */
function without(text: string, start: string, end: string): string {
  let kept = "";
  let from = 0;
  while (true) {
    const at = text.indexOf(start, from);
    const close = at < 0 ? -1 : text.indexOf(end, at);
    if (close < 0) return kept + text.slice(from);
    kept += text.slice(from, at);
    from = close + end.length;
  }
}
