import type { Budget } from "../limits.ts";
import { entriesOf, isDict, sizeOfDict, valueIn } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { stringOf } from "./markup.ts";
import { intOf, numberOf } from "./number.ts";
import { Range } from "./range.ts";
import { isTuple } from "./tuple.ts";

/** Python's `==`: by content, and numbers by value whatever their type. */
export function isEqual(left: unknown, right: unknown, budget: Budget): boolean {
  budget.spend(1 / 4);
  if (left === right) return true;
  const text = stringOf(left);
  if (text !== undefined) {
    const other = stringOf(right);
    if (text.length === other?.length) budget.pass(text.length);
    return text === other;
  }
  if (numberOf(left) !== undefined) return sameNumber(left, right);
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length || isTuple(left) !== isTuple(right))
      return false;
    return left.every((item, index) => isEqual(item, right[index], budget));
  }
  if (left instanceof Range && right instanceof Range) {
    const same = left.length === right.length && left.at(0) === right.at(0);
    return same && (left.length <= 1 || left.step === right.step);
  }
  if (left instanceof DictView && right instanceof DictView) {
    if (left.kind === "values" || right.kind === "values" || left.length !== right.length) return false;
    const others = right.items();
    return left.items().every((item) => others.some((other) => isEqual(item, other, budget)));
  }
  if (!isDict(left) || !isDict(right) || sizeOfDict(left) !== sizeOfDict(right)) return false;
  return entriesOf(left).every(([key, value]) => {
    const other = valueIn(right, key);
    return other !== undefined && isEqual(value, other[0], budget);
  });
}

function sameNumber(left: unknown, right: unknown): boolean {
  const a = intOf(left) ?? numberOf(left);
  const b = intOf(right) ?? numberOf(right);
  if (a === undefined || b === undefined) return false;
  // A double and a bigint are compared by value, exactly, which `===` does not do.
  return !(a < b) && !(a > b) && !Number.isNaN(a) && !Number.isNaN(b);
}
