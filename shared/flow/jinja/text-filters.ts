import { booleanArgument, integerArgument, textArgument } from "./arguments.ts";
import type { Filter } from "./filter.ts";
import { formatPercent } from "./format-text.ts";
import { toJson } from "./to-json.ts";
import { capitalize, replaceText, titleWords } from "./text-operations.ts";
import { dict, isDict, itemsOf, textOf, tuple } from "./values.ts";

/** Filters whose result is text. What is not text is taken as `str()` gives it. */
export const textFilters: Record<string, Filter> = {
  upper: (value) => textOf(value).toUpperCase(),
  lower: (value) => textOf(value).toLowerCase(),
  capitalize: (value) => capitalize(textOf(value)),
  title: (value) => titleWords(textOf(value)),
  string: (value) => textOf(value),
  safe: (value) => textOf(value),
  escape: (value) => escapeMarkup(textOf(value)),
  trim(value, given) {
    const text = textOf(value);
    return given.values.length === 0 && given.named.size === 0
      ? text.trim()
      : trimCharacters(text, textArgument(given, 0, "chars", " "));
  },
  replace: (value, given, { budget }) =>
    replaceText(
      textOf(value),
      textArgument(given, 0, "old", ""),
      textArgument(given, 1, "new", ""),
      integerArgument(given, 2, "count", -1),
      budget,
    ),
  center(value, given, { budget }) {
    const text = textOf(value);
    const width = integerArgument(given, 0, "width", 80);
    budget.room(width);
    const missing = Math.max(0, width - text.length);
    const left = Math.floor(missing / 2) + (missing & width & 1);
    return " ".repeat(left) + text + " ".repeat(missing - left);
  },
  indent(value, given, { budget }) {
    const width = given.values.length > 0 ? given.values[0] : (given.named.get("width") ?? 4);
    const padding = typeof width === "string" ? width : " ".repeat(Math.min(Number(width), 1000));
    const first = booleanArgument(given, 1, "first", false);
    const blank = booleanArgument(given, 2, "blank", false);
    const lines = textOf(value).split("\n");
    budget.room(lines.length * padding.length);
    return lines
      .map((line, index) =>
        (index === 0 ? first : true) && (blank || index === 0 || line !== "") ? padding + line : line,
      )
      .join("\n");
  },
  truncate(value, given) {
    const text = textOf(value);
    const length = integerArgument(given, 0, "length", 255);
    const killWords = booleanArgument(given, 1, "killwords", false);
    const end = textArgument(given, 2, "end", "...");
    const leeway = integerArgument(given, 3, "leeway", 5);
    if (text.length <= length + leeway) return text;
    const cut = text.slice(0, Math.max(0, length - end.length));
    if (killWords) return cut + end;
    const space = cut.lastIndexOf(" ");
    return (space < 0 ? cut : cut.slice(0, space)) + end;
  },
  wordcount: (value) => textOf(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0,
  wordwrap(value, given) {
    const width = Math.min(Math.max(1, integerArgument(given, 0, "width", 79)), 10_000);
    const mark = textArgument(given, 2, "wrapstring", "\n");
    return textOf(value)
      .split("\n")
      .map((line) => wrapLine(line, width, booleanArgument(given, 1, "break_long_words", true)).join(mark))
      .join(mark);
  },
  urlencode(value) {
    const encode = (text: unknown): string => percentEncode(textOf(text));
    if (typeof value === "string") return encode(value).replaceAll("%2F", "/");
    const pairs = isDict(value) ? Object.entries(value) : itemsOf(value);
    return (pairs ?? [])
      .map((pair) => (itemsOf(pair) ?? []).map((part) => encode(part).replaceAll("%20", "+")).join("="))
      .join("&");
  },
  striptags: (value) =>
    withoutComments(textOf(value))
      .replaceAll(/<[^<>]*>/g, "")
      .split(/\s+/)
      .filter((word) => word !== "")
      .join(" "),
  tojson: (value, given) => toJson(value, integerArgument(given, 0, "indent", 0)),
  format: (value, given) =>
    formatPercent(textOf(value), given.named.size > 0 ? dict(given.named) : tuple(given.values)),
};
textFilters.e = textFilters.escape as Filter;
textFilters.forceescape = textFilters.escape as Filter;

function withoutComments(text: string): string {
  let kept = "";
  let from = 0;
  while (true) {
    const start = text.indexOf("<!--", from);
    const end = start < 0 ? -1 : text.indexOf("-->", start);
    if (end < 0) return kept + text.slice(from);
    kept += text.slice(from, start);
    from = end + 3;
  }
}

function escapeMarkup(text: string): string {
  const names: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&#34;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (character) => names[character] ?? character);
}

/** Removes any of `characters` from both ends. */
export function trimCharacters(
  text: string,
  characters: string,
  ends: "both" | "start" | "end" = "both",
): string {
  let from = 0;
  let to = text.length;
  if (ends !== "end") while (from < to && characters.includes(text[from] ?? "")) from += 1;
  if (ends !== "start") while (to > from && characters.includes(text[to - 1] ?? "")) to -= 1;
  return text.slice(from, to);
}

function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Fills lines up to `width`; a word that is longer is cut where asked. */
function wrapLine(line: string, width: number, breakLong: boolean): string[] {
  const words = line.split(/\s+/).filter((part) => part !== "");
  const pieces = words.flatMap((word) =>
    breakLong ? (word.match(new RegExp(`[^]{1,${width}}`, "g")) ?? []) : [word],
  );
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + piece.length > width) lines.push(piece);
    else lines[lines.length - 1] = `${last} ${piece}`;
  }
  return lines.length === 0 ? [""] : lines;
}
