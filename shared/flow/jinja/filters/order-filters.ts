import type { BoundFilter, Filter } from "../filter.ts";
import { TemplateError } from "../template-error.ts";
import { entriesOf, hashOf, isDict } from "../values/dict.ts";
import { isEqual } from "../values/equality.ts";
import { OnePass } from "../values/one-pass.ts";
import { isLess, sortedBy } from "../values/ordering.ts";
import { textOf } from "../values/repr.ts";
import { groupTuple, tuple } from "../values/tuple.ts";
import { isTrue } from "../values/truth.ts";
import { typeName } from "../values/type-name.ts";
import { attributeGetter, attributesGetter, caseless } from "./attribute-path.ts";
import { iterated, visited } from "./iterated.ts";

/** Filters that compare: their order is Python's, and texts are compared without regard to case unless asked. */
export const orderFilters: Record<string, Filter> = {
  sort: {
    parameters: ["reverse", "case_sensitive", "attribute"],
    apply(value, [reverse, caseSensitive, attribute], context) {
      const picked = attributesGetter(attribute, context);
      const key = caseless(isTrue(caseSensitive));
      const items = iterated(value, "sort", context.budget);
      return sortedBy(items, (item) => picked(item).map(key), isTrue(reverse), context.budget);
    },
  },
  dictsort: {
    parameters: ["case_sensitive", "by", "reverse"],
    apply(value, [caseSensitive, by = "key", reverse], { budget }) {
      if (!isDict(value)) throw new TemplateError(`dictsort needs a dict, not ${typeName(value)}.`);
      const position = ["key", "value"].indexOf(textOf(by, budget));
      if (position < 0) throw new TemplateError('dictsort: by must be "key" or "value".');
      const key = caseless(isTrue(caseSensitive));
      const sorted = sortedBy(entriesOf(value), (entry) => key(entry[position]), isTrue(reverse), budget);
      return sorted.map((entry) => tuple(entry));
    },
  },
  unique: {
    parameters: ["case_sensitive", "attribute"],
    apply(value, [caseSensitive, attribute], context) {
      const picked = attributeGetter(attribute, context);
      const key = caseless(isTrue(caseSensitive));
      const items = visited(value, "unique", context.budget);
      return new OnePass(
        "generator",
        firstOfEach(items, (item) => hashOf(key(picked(item)))),
      );
    },
  },
  min: extreme("min", (candidate, best, budget) => isLess(candidate, best, budget)),
  max: extreme("max", (candidate, best, budget) => isLess(best, candidate, budget)),
  groupby: {
    parameters: ["attribute", "default", "case_sensitive"],
    required: 1,
    apply(value, [attribute, fallback = null, caseSensitive], context) {
      const { budget } = context;
      const picked = attributeGetter(attribute, context, fallback);
      const key = caseless(isTrue(caseSensitive));
      const items = iterated(value, "groupby", budget).map((item) => {
        const found = picked(item);
        return { item, found, key: key(found) };
      });
      const groups: { grouper: unknown; key: unknown; list: unknown[] }[] = [];
      for (const entry of sortedBy(items, (one) => one.key, false, budget)) {
        const last = groups.at(-1);
        if (last !== undefined && isEqual(last.key, entry.key, budget)) last.list.push(entry.item);
        else groups.push({ grouper: entry.found, key: entry.key, list: [entry.item] });
      }
      return groups.map(({ grouper, list }) => groupTuple(grouper, list));
    },
  },
};

/** Not made anew for each rendering: V8 would keep it, and all that it refers to, until a full garbage collection. */
function* firstOfEach(items: Iterable<unknown>, hash: (item: unknown) => unknown): Generator {
  const seen = new Set<unknown>();
  for (const item of items) {
    const hashed = hash(item);
    if (!seen.has(hashed)) yield item;
    seen.add(hashed);
  }
}

type Budget = Parameters<typeof isLess>[2];

function extreme(
  name: string,
  isBetter: (candidate: unknown, best: unknown, budget: Budget) => boolean,
): BoundFilter {
  return {
    parameters: ["case_sensitive", "attribute"],
    apply(value, [caseSensitive, attribute], context) {
      const { budget } = context;
      const picked = attributeGetter(attribute, context);
      const key = caseless(isTrue(caseSensitive));
      const [first, ...others] = iterated(value, name, budget).map((item) => ({
        item,
        key: key(picked(item)),
      }));
      let best = first;
      for (const other of others) if (isBetter(other.key, best?.key, budget)) best = other;
      return best?.item;
    },
  };
}
