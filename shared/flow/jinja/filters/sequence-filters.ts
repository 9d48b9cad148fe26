import { wholeNumber } from "../arguments.ts";
import type { Filter } from "../filter.ts";
import type { Budget } from "../limits.ts";
import { TemplateError } from "../template-error.ts";
import { characterAt } from "../values/characters.ts";
import { entriesOf, isDict } from "../values/dict.ts";
import { DictView } from "../values/dict-view.ts";
import { sizeOf } from "../values/items-of.ts";
import { escapeMarkup, Markup, stringOf } from "../values/markup.ts";
import { numberOf } from "../values/number.ts";
import { OnePass } from "../values/one-pass.ts";
import { Range } from "../values/range.ts";
import { textOf } from "../values/repr.ts";
import { tuple } from "../values/tuple.ts";
import { typeName } from "../values/type-name.ts";
import { attributeGetter } from "./attribute-path.ts";
import { iterated, visited } from "./iterated.ts";

const length: Filter = {
  parameters: [],
  apply(value) {
    const size = sizeOf(value);
    if (size === undefined) throw new TemplateError(`${typeName(value)} has no length.`);
    return size;
  },
};

/** A list, its ends, its length, and its items in other groups. */
export const sequenceFilters: Record<string, Filter> = {
  list: { parameters: [], apply: (value, _given, { budget }) => [...iterated(value, "list", budget)] },
  length,
  count: length,
  first: {
    parameters: [],
    apply(value, _given, { budget }) {
      if (value instanceof OnePass) return value.next()?.[0];
      const text = stringOf(value);
      return text === undefined ? iterated(value, "first", budget)[0] : characterAt(text, 0);
    },
  },
  last: {
    parameters: [],
    apply(value, _given, { budget }) {
      if (value instanceof OnePass) {
        throw new TemplateError(`last needs a list, not ${typeName(value)}.`);
      }
      const text = stringOf(value);
      return text === undefined ? iterated(value, "last", budget).at(-1) : characterAt(text, -1);
    },
  },
  reverse: {
    parameters: [],
    apply(value, _given, { budget }) {
      const reversed = iterated(value, "reverse", budget).toReversed();
      if (typeof value === "string") return reversed.join("");
      if (value instanceof Markup) return new Markup(reversed.join(""));
      // What can be visited once is read into a list, as nothing else can turn it round.
      if (value instanceof OnePass || value === undefined) return reversed;
      const isView = isDict(value) || value instanceof DictView;
      const type = isView ? "dict_reverseiterator" : value instanceof Range ? "range_iterator" : "reversed";
      return new OnePass(type, reversed.values());
    },
  },
  join: {
    parameters: ["d", "attribute"],
    apply(value, [separator = "", attribute], context) {
      const { budget, escaping } = context;
      const picked = iterated(value, "join", budget).map(attributeGetter(attribute, context));
      const isMarkup = escaping && [separator, ...picked].some((part) => part instanceof Markup);
      const textual = (part: unknown): string => {
        const text = textOf(part, budget);
        return isMarkup && !(part instanceof Markup) ? escapeMarkup(text) : text;
      };
      const mark = textual(separator);
      const parts = picked.map(textual);
      budget.room(parts.reduce((sum, part) => sum + part.length + mark.length, 0));
      const joined = budget.text(parts.join(mark));
      return isMarkup ? new Markup(joined) : joined;
    },
  },
  items: {
    parameters: [],
    apply: (value) => new OnePass("generator", items(value)),
  },
  batch: {
    parameters: ["linecount", "fill_with"],
    required: 1,
    apply: (value, [lineCount, fill = null], { budget }) =>
      new OnePass("generator", batches(value, lineCount, fill, budget)),
  },
  slice: {
    parameters: ["slices", "fill_with"],
    required: 1,
    apply: (value, [count, fill = null], { budget }) =>
      new OnePass("generator", slices(value, count, fill, budget)),
  },
};

function* items(value: unknown): Generator {
  if (value === undefined) return;
  if (!isDict(value)) throw new TemplateError(`items needs a dict, not ${typeName(value)}.`);
  for (const entry of entriesOf(value)) yield tuple(entry);
}

/** Lists of so many items each. A size that none reaches leaves one list, empty first where it is 0, as in Jinja2. */
function* batches(value: unknown, lineCount: unknown, fill: unknown, budget: Budget): Generator {
  const size = numberOf(lineCount);
  let batch: unknown[] = [];
  for (const item of visited(value, "batch", budget)) {
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
    batch.push(item);
  }
  if (fill !== null && batch.length > 0) {
    const missing = wholeNumber(lineCount, "linecount") - batch.length;
    budget.items(Math.max(0, missing));
    for (let count = 0; count < missing; count += 1) batch.push(fill);
  }
  if (batch.length > 0) yield batch;
}

/** So many lists, the first ones longer by one where it does not come out even. */
function* slices(value: unknown, slices: unknown, fill: unknown, budget: Budget): Generator {
  const items = iterated(value, "slice", budget);
  const count = wholeNumber(slices, "slices");
  if (count === 0) throw new TemplateError("slice: there must be one slice at least.");
  budget.items(Math.max(0, count));
  const size = Math.floor(items.length / count);
  const larger = items.length - size * count;
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const part = items.slice(at, at + size + (index < larger ? 1 : 0));
    at += part.length;
    if (fill !== null && index >= larger) part.push(fill);
    yield part;
  }
}
