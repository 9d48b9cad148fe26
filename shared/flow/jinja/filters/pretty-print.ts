import type { BoundFilter } from "../filter.ts";
import type { Budget } from "../limits.ts";
import { lengthOf, linesOf, SPACE } from "../values/characters.ts";
import { Dict, entriesOf, isDict } from "../values/dict.ts";
import { numberOf } from "../values/number.ts";
import { sortedBy } from "../values/ordering.ts";
import { quoteText } from "../values/quote-text.ts";
import { reprOf } from "../values/repr.ts";
import { isTuple, tuple } from "../values/tuple.ts";
import { typeName } from "../values/type-name.ts";

const WIDTH = 80;

/** Where a value is written: how far in, how many characters follow it on its last line, how deep. */
interface Place {
  indent: number;
  following: number;
  level: number;
}

/** Python's `pprint`: as `repr` with the keys sorted, on as many lines as 80 columns need. */
export const prettyPrint: BoundFilter = {
  parameters: [],
  apply: (value, _given, { budget }) =>
    budget.text(write(sortedKeys(value, budget), { indent: 0, following: 0, level: 1 }, budget)),
};

function write(value: unknown, place: Place, budget: Budget): string {
  const line = reprOf(value, budget);
  if (lengthOf(line) <= WIDTH - place.indent - place.following) return line;
  if (typeof value === "string") return writeText(value, place, budget);
  if (Array.isArray(value)) {
    const [open, close] = isTuple(value) ? ["(", value.length === 1 ? ",)" : ")"] : ["[", "]"];
    return writeItems(
      open,
      value.map((item: unknown) => ["", item] as const),
      close,
      place,
      budget,
    );
  }
  if (!(value instanceof Dict)) return line;
  const entries = value.entries().map(([key, entry]) => [`${reprOf(key, budget)}: `, entry] as const);
  return writeItems("{", entries, "}", place, budget);
}

function writeItems(
  open: string,
  items: (readonly [lead: string, item: unknown])[],
  close: string,
  { indent, following, level }: Place,
  budget: Budget,
): string {
  const inner = indent + 1;
  const written = items.map(([lead, item], index) => {
    const after = index === items.length - 1 ? following + close.length : 1;
    const place = { indent: inner + lengthOf(lead), following: after, level: level + 1 };
    return lead + write(item, place, budget);
  });
  return open + written.join(`,\n${" ".repeat(inner)}`) + close;
}

const WORDS = new RegExp(`[^${SPACE}]*[${SPACE}]*`, "g");

/** A long text becomes several that stand below each other: one for each line of it, or for as many words as fit. */
function writeText(text: string, { indent, following, level }: Place, budget: Budget): string {
  const isTop = level === 1;
  const start = indent + (isTop ? 1 : 0);
  const after = following + (isTop ? 1 : 0);
  const width = WIDTH - start;
  const chunks: string[] = [];
  const lines = linesOf(text, true);
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    if (fits(line, isLast ? width - after : width)) {
      chunks.push(line);
      continue;
    }
    const words = (line.match(WORDS) ?? []).filter((word) => word !== "");
    let current = "";
    for (const [at, word] of words.entries()) {
      budget.pass(current.length);
      const room = isLast && at === words.length - 1 ? width - after : width;
      if (!fits(current + word, room)) {
        if (current !== "") chunks.push(current);
        current = word;
      } else {
        current += word;
      }
    }
    if (current !== "") chunks.push(current);
  }
  if (chunks.length <= 1) return quoteText(text);
  const joined = chunks.map(quoteText).join(`\n${" ".repeat(start)}`);
  return isTop ? `(${joined})` : joined;
}

function fits(text: string, width: number): boolean {
  return lengthOf(quoteText(text)) <= width;
}

/** The value with the keys of all its dicts in order; keys that have none are ordered by their type. */
function sortedKeys(value: unknown, budget: Budget): unknown {
  budget.spend();
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => sortedKeys(item, budget));
    return isTuple(value) ? tuple(items) : items;
  }
  if (!isDict(value)) return value;
  const ordered = sortedBy(entriesOf(value), ([key]) => rankOf(key), false, budget);
  return Dict.of(ordered.map(([key, entry]) => [key, sortedKeys(entry, budget)]));
}

/** Keys of one kind are in their own order, kinds in that of their names. */
function rankOf(key: unknown): unknown {
  const kind = numberOf(key) === undefined ? typeName(key) : "number";
  return tuple([kind, key === null || key === undefined ? 0 : key]);
}
