import type { Budget } from "./limits.ts";

/** Python's `str.capitalize`: the first letter upper case, all others lower case. */
export function capitalize(text: string): string {
  const [first = "", ...rest] = text;
  return first.toUpperCase() + rest.join("").toLowerCase();
}

/** Jinja2's `title`: each word capitalised, words being split at spaces, hyphens and opening brackets. */
export function titleWords(text: string): string {
  return text.replaceAll(/[^-\s({[<]+/g, (word) => capitalize(word));
}

/** Python's `str.replace`; the result's length is checked before it is built. */
export function replaceText(text: string, from: string, to: string, count: number, budget: Budget): string {
  const parts = from === "" ? ["", ...Array.from(text), ""] : text.split(from);
  const replaced = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1);
  budget.room(text.length + replaced * (to.length - from.length));
  const last = parts.slice(replaced).join(from);
  return [...parts.slice(0, replaced), last].join(to);
}
