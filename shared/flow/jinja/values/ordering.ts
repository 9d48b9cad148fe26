import type { Budget } from "../limits.ts";
import { TemplateError } from "../template-error.ts";
import { isEqual } from "./equality.ts";
import { stringOf } from "./markup.ts";
import { intOf, numberOf } from "./number.ts";
import { isTuple } from "./tuple.ts";
import { typeName } from "./type-name.ts";

/** Python's `<`. Throws for values that have no order. */
export function isLess(left: unknown, right: unknown, budget: Budget): boolean {
  budget.spend(1 / 4);
  const a = intOf(left) ?? numberOf(left);
  const b = intOf(right) ?? numberOf(right);
  if (a !== undefined && b !== undefined) return a < b;
  const text = stringOf(left);
  const other = stringOf(right);
  if (text !== undefined && other !== undefined) return isTextLess(text, other, budget);
  if (Array.isArray(left) && Array.isArray(right) && isTuple(left) === isTuple(right)) {
    const length = Math.min(left.length, right.length);
    for (let index = 0; index < length; index += 1) {
      if (!isEqual(left[index], right[index], budget)) return isLess(left[index], right[index], budget);
    }
    return left.length < right.length;
  }
  throw new TemplateError(`${typeName(left)} and ${typeName(right)} have no order.`);
}

/** Texts in the order of their code points, which UTF-16 units are not in. */
function isTextLess(left: string, right: string, budget: Budget): boolean {
  const length = Math.min(left.length, right.length);
  let same = 0;
  while (same < length && left[same] === right[same]) same += 1;
  budget.pass(4 * same);
  if (same < length) return (left.codePointAt(same) ?? 0) < (right.codePointAt(same) ?? 0);
  return left.length < right.length;
}

/** Sorts a copy as Python's `sorted` does: stable, also in reverse. Throws for keys that have no order. */
export function sortedBy<T>(
  items: readonly T[],
  keyOf: (item: T) => unknown,
  reverse: boolean,
  budget: Budget,
): T[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  budget.spend(items.length);
  keyed.sort((a, b) => {
    const [first, second] = reverse ? [b.key, a.key] : [a.key, b.key];
    if (isLess(first, second, budget)) return -1;
    return isLess(second, first, budget) ? 1 : 0;
  });
  return keyed.map(({ item }) => item);
}
