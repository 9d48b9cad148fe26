import type { Budget } from "../limits.ts";
import { TemplateError } from "../template-error.ts";
import { Callable, TemplateObject } from "./callable.ts";
import { entriesOf, isDict } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { Markup } from "./markup.ts";
import { Namespace } from "./namespace.ts";
import { intOf, numberOf } from "./number.ts";
import { floatText, integerText } from "./number-text.ts";
import { OnePass } from "./one-pass.ts";
import { quoteText } from "./quote-text.ts";
import { Range } from "./range.ts";
import { isTuple } from "./tuple.ts";

/** Python's `str()`, except that what is undefined is the empty text. */
export function textOf(value: unknown, budget: Budget): string {
  if (typeof value === "string") return value;
  if (value instanceof Markup) return value.text;
  return value === undefined ? "" : reprOf(value, budget);
}

/** Python's `repr()`. Throws for what Python prints as an address in memory. */
export function reprOf(value: unknown, budget: Budget): string {
  let length = 0;
  const seen = new Set<unknown>();
  return write(value);

  /** A value that holds itself many times over is short to build and endless to print. */
  function text(part: string): string {
    length += part.length + 4;
    budget.room(length);
    budget.pass(part.length);
    return part;
  }

  function write(part: unknown): string {
    budget.spend(1 / 2);
    if (part === undefined) return text("Undefined");
    if (part === null) return text("None");
    if (typeof part === "boolean") return text(part ? "True" : "False");
    if (typeof part === "string") return text(quoteText(part));
    if (part instanceof Markup) return `Markup(${text(quoteText(part.text))})`;
    const int = intOf(part);
    if (int !== undefined) return text(integerText(int));
    const number = numberOf(part);
    if (number !== undefined) return text(floatText(number));
    if (part instanceof Range) return text(String(part));
    if (part instanceof TemplateObject && part.text !== undefined) return text(part.text());
    if (!isObject(part) || part instanceof TemplateObject) throw unprintable(part);
    if (seen.has(part)) return text(Array.isArray(part) ? "[...]" : "{...}");
    seen.add(part);
    const written = writeParts(part);
    seen.delete(part);
    return written;
  }

  function writeParts(part: object): string {
    if (part instanceof Namespace) return `<Namespace ${braced([...part.attributes])}>`;
    if (part instanceof DictView) return `dict_${part.kind}([${part.items().map(write).join(", ")}])`;
    if (isDict(part)) return braced(entriesOf(part));
    if (!Array.isArray(part)) throw unprintable(part);
    const items = part.map(write);
    if (!isTuple(part)) return `[${items.join(", ")}]`;
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
  }

  function braced(entries: [unknown, unknown][]): string {
    return `{${entries.map(([key, entry]) => `${write(key)}: ${write(entry)}`).join(", ")}}`;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function unprintable(value: unknown): TemplateError {
  if (value instanceof OnePass) {
    return new TemplateError("What map, select, batch or slice return has no text: add | list or | join.");
  }
  if (value instanceof Callable) {
    return new TemplateError(`${value.name} is a function: it has no text. Call it, as in ${value.name}().`);
  }
  return new TemplateError(`${value instanceof TemplateObject ? value.name : "This value"} has no text.`);
}
