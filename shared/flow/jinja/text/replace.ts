import type { Budget } from "../limits.ts";

/** Python's `str.replace`; the result's length is checked before it is built. */
export function replaceText(text: string, from: string, to: string, count: number, budget: Budget): string {
  budget.pass(text.length);
  const parts = from === "" ? ["", ...Array.from(text), ""] : text.split(from);
  const replaced = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1);
  budget.room(text.length + replaced * (to.length - from.length));
  const last = parts.slice(replaced).join(from);
  return budget.text([...parts.slice(0, replaced), last].join(to));
}
