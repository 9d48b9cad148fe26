import { argument, booleanArgument, integerArgument, textArgument, type CallArguments } from "./arguments.ts";
import type { Filter, FilterContext } from "./filter.ts";
import { TemplateError } from "./template-error.ts";
import {
  compare,
  dict,
  isDict,
  isEqual,
  itemsOf,
  numberOf,
  floatOf,
  isFloat,
  textOf,
  tuple,
  typeName,
} from "./values.ts";

/** Filters over lists, dicts and the characters of a text. */
export const listFilters: Record<string, Filter> = {
  list: (value) => [...iterated(value, "list")],
  first: (value) => iterated(value, "first")[0],
  last: (value) => iterated(value, "last").at(-1),
  length(value) {
    if (numberOf(value) !== undefined || value === null)
      throw new TemplateError(`${typeName(value)} has no length.`);
    return iterated(value, "length").length;
  },
  reverse(value) {
    const reversed = iterated(value, "reverse").toReversed();
    return typeof value === "string" ? reversed.join("") : reversed;
  },
  join(value, given, context) {
    const separator = textArgument(given, 0, "d", "");
    const attribute = argument(given, 1, "attribute");
    const parts = iterated(value, "join").map((item) => textOf(picked(item, attribute, context)));
    context.budget.room(parts.reduce((sum, part) => sum + part.length + separator.length, 0));
    return parts.join(separator);
  },
  sum(value, given, context) {
    const attribute = argument(given, 0, "attribute");
    const items = iterated(value, "sum").map((item) => picked(item, attribute, context));
    const start = argument(given, 1, "start") ?? 0;
    let float = isFloat(start);
    let sum = numberOf(start) ?? 0;
    for (const item of items) {
      const number = numberOf(item);
      if (number === undefined) throw new TemplateError(`sum needs numbers, found ${typeName(item)}.`);
      float ||= isFloat(item);
      sum += number;
    }
    return float ? floatOf(sum) : sum;
  },
  min: (value, given, context) => extreme(value, given, context, -1),
  max: (value, given, context) => extreme(value, given, context, 1),
  sort(value, given, context) {
    const reverse = booleanArgument(given, 0, "reverse", false);
    const key = keyOf(booleanArgument(given, 1, "case_sensitive", false));
    const attributes = argument(given, 2, "attribute");
    const names = typeof attributes === "string" ? attributes.split(",") : [attributes];
    const keys = (item: unknown): unknown[] => names.map((name) => key(picked(item, name, context)));
    const sorted = iterated(value, "sort").map((item) => ({ item, keys: keys(item) }));
    context.budget.spend(sorted.length * Math.log2(sorted.length + 1));
    sorted.sort((a, b) => (reverse ? compare(b.keys, a.keys) : compare(a.keys, b.keys)));
    return sorted.map(({ item }) => item);
  },
  unique(value, given, context) {
    const key = keyOf(booleanArgument(given, 0, "case_sensitive", false));
    const attribute = argument(given, 1, "attribute");
    const seen: unknown[] = [];
    return iterated(value, "unique").filter((item) => {
      const mark = key(picked(item, attribute, context));
      context.budget.spend(seen.length);
      if (seen.some((other) => isEqual(other, mark))) return false;
      seen.push(mark);
      return true;
    });
  },
  map(value, given, context) {
    const attribute = given.named.get("attribute");
    if (attribute !== undefined) {
      const fallback = given.named.get("default");
      return iterated(value, "map").map((item) => picked(item, attribute, context) ?? fallback);
    }
    const [name, ...values] = given.values;
    if (typeof name !== "string") throw new TemplateError("map needs a filter's name or attribute=...");
    return iterated(value, "map").map((item) => context.filter(name, item, { values, named: given.named }));
  },
  select: (value, given, context) => chosen(value, given, context, false, true),
  reject: (value, given, context) => chosen(value, given, context, false, false),
  selectattr: (value, given, context) => chosen(value, given, context, true, true),
  rejectattr: (value, given, context) => chosen(value, given, context, true, false),
  groupby(value, given, context) {
    const attribute = argument(given, 0, "attribute");
    const fallback = argument(given, 1, "default");
    const key = keyOf(booleanArgument(given, 2, "case_sensitive", false));
    const items = iterated(value, "groupby").map((item) => {
      const found = picked(item, attribute, context) ?? fallback;
      return { item, found, key: key(found) };
    });
    context.budget.spend(items.length * Math.log2(items.length + 1));
    items.sort((a, b) => compare(a.key, b.key));
    const groups: { grouper: unknown; key: unknown; list: unknown[] }[] = [];
    for (const entry of items) {
      const last = groups.at(-1);
      if (last !== undefined && isEqual(last.key, entry.key)) last.list.push(entry.item);
      else groups.push({ grouper: entry.found, key: entry.key, list: [entry.item] });
    }
    return groups.map(({ grouper, list }) => tuple([grouper, list]));
  },
  dictsort(value, given, context) {
    if (!isDict(value)) throw new TemplateError(`dictsort needs a dict, not ${typeName(value)}.`);
    const key = keyOf(booleanArgument(given, 0, "case_sensitive", false));
    const position = textArgument(given, 1, "by", "key") === "value" ? 1 : 0;
    const reverse = booleanArgument(given, 2, "reverse", false);
    const entries = Object.entries(value);
    context.budget.spend(entries.length);
    entries.sort((a, b) => compare(key(a[position]), key(b[position])) * (reverse ? -1 : 1));
    return entries.map((entry) => tuple(entry));
  },
  batch(value, given) {
    const size = Math.max(1, integerArgument(given, 0, "linecount", 1));
    const fill = argument(given, 1, "fill_with");
    const items = iterated(value, "batch");
    const batches: unknown[][] = [];
    for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size));
    const last = batches.at(-1);
    if (fill !== undefined && last !== undefined && size < 10_000) {
      while (last.length < size) last.push(fill);
    }
    return batches;
  },
  slice(value, given, context) {
    const count = Math.max(1, integerArgument(given, 0, "slices", 1));
    context.budget.items(count);
    const fill = argument(given, 1, "fill_with");
    const items = iterated(value, "slice");
    const size = Math.floor(items.length / count);
    const larger = items.length % count;
    let at = 0;
    return Array.from({ length: count }, (_, index) => {
      const part = items.slice(at, at + size + (index < larger ? 1 : 0));
      at += part.length;
      if (fill !== undefined && index >= larger && larger > 0) part.push(fill);
      return part;
    });
  },
  attr: (value, given, context) => context.attribute(value, textArgument(given, 0, "name", "")),
};
listFilters.count = listFilters.length as Filter;

function iterated(value: unknown, filter: string): unknown[] {
  const items = itemsOf(value);
  if (items === undefined) throw new TemplateError(`${filter} needs a list, not ${typeName(value)}.`);
  return items;
}

/** Texts are compared without regard to case unless asked. */
function keyOf(caseSensitive: boolean): (value: unknown) => unknown {
  return (value) => (typeof value === "string" && !caseSensitive ? value.toLowerCase() : value);
}

/** `order.total` of an item, or its element at a position. */
function picked(item: unknown, attribute: unknown, context: FilterContext): unknown {
  context.budget.spend();
  if (attribute === undefined || attribute === null) return item;
  const names = typeof attribute === "number" ? [String(attribute)] : textOf(attribute).split(".");
  let value = item;
  for (const name of names) {
    value = /^\d+$/.test(name) && Array.isArray(value) ? value[Number(name)] : context.attribute(value, name);
  }
  return value;
}

function extreme(value: unknown, given: CallArguments, context: FilterContext, sign: number): unknown {
  const key = keyOf(booleanArgument(given, 0, "case_sensitive", false));
  const attribute = argument(given, 1, "attribute");
  const items = iterated(value, sign > 0 ? "max" : "min");
  let best: { item: unknown; key: unknown } | undefined;
  for (const item of items) {
    const candidate = { item, key: key(picked(item, attribute, context)) };
    if (best === undefined || compare(candidate.key, best.key) * sign > 0) best = candidate;
  }
  return best?.item;
}

function chosen(
  value: unknown,
  given: CallArguments,
  context: FilterContext,
  byAttribute: boolean,
  keep: boolean,
): unknown[] {
  const [attribute, ...rest] = byAttribute ? given.values : [undefined, ...given.values];
  const [name, ...values] = rest;
  return iterated(value, keep ? "select" : "reject").filter((item) => {
    const subject = picked(item, attribute, context);
    return (
      context.test(name === undefined ? "truthy" : textOf(name), subject, { values, named: given.named }) ===
      keep
    );
  });
}

/** Makes a dict of `dict(pairs, name=value)`. */
export function dictOf(given: CallArguments): unknown {
  const source = given.values[0];
  const entries = isDict(source)
    ? Object.entries(source)
    : (itemsOf(source) ?? []).map((pair): [string, unknown] => {
        const [key, value] = itemsOf(pair) ?? [];
        return [textOf(key), value];
      });
  return dict([...entries, ...given.named]);
}
