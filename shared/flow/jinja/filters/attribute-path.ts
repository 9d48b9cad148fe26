import type { FilterContext } from "../filter.ts";
import { stringOf } from "../values/markup.ts";
import { textOf } from "../values/repr.ts";

type Getter = (item: unknown) => unknown;

/**
 * What `attribute="a.b.0"` takes from an item: numbers are positions, and nothing given is the item itself. A default
 * stands in wherever the path finds nothing.
 */
export function attributeGetter(
  attribute: unknown,
  context: FilterContext,
  fallback: unknown = null,
): Getter {
  if (attribute === undefined || attribute === null) return (item) => item;
  const text = stringOf(attribute);
  const parts = text === undefined ? [attribute] : text.split(".").map(partOf);
  return (item) => {
    context.budget.spend(parts.length);
    let value = item;
    for (const part of parts) {
      value = context.item(value, part);
      if (value === undefined && fallback !== null) value = fallback;
    }
    return value;
  };
}

/** As above for `attribute="a,b"`: a list of what each path finds. */
export function attributesGetter(attribute: unknown, context: FilterContext): (item: unknown) => unknown[] {
  const text = stringOf(attribute);
  const paths = text === undefined ? [attribute] : text.split(",");
  const getters = paths.map((path) => attributeGetter(path, context));
  return (item) => getters.map((getter) => getter(item));
}

function partOf(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}

/** Texts are compared without regard to case unless asked. */
export function caseless(caseSensitive: boolean): Getter {
  return (value) => {
    const text = stringOf(value);
    return text === undefined || caseSensitive ? value : text.toLowerCase();
  };
}

/** The name of a filter or test that `map` or `select` is given. */
export function nameGiven(value: unknown, context: FilterContext): string {
  return textOf(value, context.budget);
}
