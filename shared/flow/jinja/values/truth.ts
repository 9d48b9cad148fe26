import { Float } from "./number.ts";
import { sizeOf } from "./items-of.ts";
import { stringOf } from "./markup.ts";

/** Python's truth: empty texts, lists and dicts, zero, None and what is undefined are false. */
export function isTrue(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  // NaN is no zero.
  if (typeof value === "number" || typeof value === "bigint") return value !== 0;
  if (value instanceof Float) return value.value !== 0;
  if (value === undefined || value === null) return false;
  const text = stringOf(value);
  if (text !== undefined) return text !== "";
  const size = sizeOf(value);
  return size === undefined || size > 0;
}
