import type { Budget } from "../limits.ts";
import { entriesOf, isDict, sizeOfDict } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { lengthOf } from "./characters.ts";
import { stringOf } from "./markup.ts";
import { OnePass } from "./one-pass.ts";
import { Range } from "./range.ts";

/**
 * The items that a loop visits, each counted against the budget; undefined where a value cannot be looped over. What
 * is undefined counts as empty. What can be visited once is used up.
 */
export function itemsOf(value: unknown, budget: Budget): unknown[] | undefined {
  const items = visited(value, budget);
  if (items !== undefined) budget.pass(items.length);
  return items;
}

function visited(value: unknown, budget: Budget): unknown[] | undefined {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  const text = stringOf(value);
  if (text !== undefined) {
    budget.pass(4 * text.length);
    return Array.from(text);
  }
  if (value instanceof OnePass) return value.rest();
  if (value instanceof Range || value instanceof DictView) return value.items();
  return isDict(value) ? entriesOf(value).map(([key]) => key) : undefined;
}

/** Python's `len()`; undefined where a value has none. */
export function sizeOf(value: unknown): number | undefined {
  if (value === undefined) return 0;
  const text = stringOf(value);
  if (text !== undefined) return lengthOf(text);
  if (Array.isArray(value) || value instanceof Range || value instanceof DictView) return value.length;
  return isDict(value) ? sizeOfDict(value) : undefined;
}
