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
  return new ReprWriter(budget).write(value);
}

class ReprWriter {
  readonly #budget: Budget;
  #length = 0;
  /** The values that what is written now lies in. */
  #around: Set<unknown> | undefined;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  write(part: unknown): string {
    this.#budget.spend(1 / 2);
    if (part === undefined) return this.#text("Undefined");
    if (part === null) return this.#text("None");
    if (typeof part === "boolean") return this.#text(part ? "True" : "False");
    if (typeof part === "string") return this.#text(quoteText(part));
    if (part instanceof Markup) return `Markup(${this.#text(quoteText(part.text))})`;
    const int = intOf(part);
    if (int !== undefined) return this.#text(integerText(int));
    const number = numberOf(part);
    if (number !== undefined) return this.#text(floatText(number));
    if (part instanceof Range) return this.#text(String(part));
    if (part instanceof TemplateObject && part.text !== undefined) return this.#text(part.text());
    if (!isObject(part) || part instanceof TemplateObject) throw unprintable(part);
    const around = (this.#around ??= new Set());
    if (around.has(part)) return this.#text(Array.isArray(part) ? "[...]" : "{...}");
    around.add(part);
    const written = this.#writeParts(part);
    around.delete(part);
    return written;
  }

  /** A value that holds itself many times over is short to build and endless to print. */
  #text(part: string): string {
    this.#length += part.length + 4;
    this.#budget.room(this.#length);
    this.#budget.pass(part.length);
    return part;
  }

  #writeParts(part: object): string {
    if (part instanceof Namespace) return `<Namespace ${this.#braced([...part.attributes])}>`;
    if (part instanceof DictView) return `dict_${part.kind}([${this.#writeAll(part.items()).join(", ")}])`;
    if (isDict(part)) return this.#braced(entriesOf(part));
    if (!Array.isArray(part)) throw unprintable(part);
    const items = this.#writeAll(part);
    if (!isTuple(part)) return `[${items.join(", ")}]`;
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
  }

  #writeAll(parts: readonly unknown[]): string[] {
    return parts.map((part) => this.write(part));
  }

  #braced(entries: [unknown, unknown][]): string {
    return `{${entries.map(([key, entry]) => `${this.write(key)}: ${this.write(entry)}`).join(", ")}}`;
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
