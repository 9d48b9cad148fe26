import type { Budget } from "./limits.ts";
import { TemplateError } from "./template-error.ts";
import { entriesOf, isDict } from "./values/dict.ts";
import { stringOf } from "./values/markup.ts";
import { intOf, numberOf } from "./values/number.ts";
import { floatText, integerText } from "./values/number-text.ts";
import { sortedBy } from "./values/ordering.ts";
import { typeName } from "./values/type-name.ts";

/**
 * Jinja2's `tojson`: keys sorted, `, ` and `: ` between, everything outside ASCII and the characters that would matter
 * in markup (`<`, `>`, `&`, `'`) escaped. With `indent`, a number or a text, one entry a line.
 */
export function toJson(value: unknown, indent: unknown, budget: Budget): string {
  const step = stepOf(indent);
  let length = 0;
  return budget.text(write(value, 0));

  function counted(text: string): string {
    length += text.length + 2;
    budget.room(length);
    return text;
  }

  function write(part: unknown, depth: number): string {
    budget.spend(1 / 4);
    if (part === null) return counted("null");
    if (typeof part === "boolean") return counted(String(part));
    const text = stringOf(part);
    if (text !== undefined) return counted(quote(text));
    if (numberOf(part) !== undefined) return counted(numberText(part));
    if (Array.isArray(part)) {
      return bracketed(
        "[]",
        part.map((item) => write(item, depth + 1)),
        depth,
      );
    }
    if (!isDict(part)) throw new TemplateError(`tojson: ${typeName(part)} has no JSON form.`);
    const entries = sortedBy(entriesOf(part), ([key]) => key, false, budget);
    const parts = entries.map(
      ([key, entry]) => `${counted(quote(keyText(key)))}: ${write(entry, depth + 1)}`,
    );
    return bracketed("{}", parts, depth);
  }

  function bracketed(brackets: string, entries: string[], depth: number): string {
    const [open = "", close = ""] = brackets;
    if (entries.length === 0) return brackets;
    if (step === undefined) return open + entries.join(", ") + close;
    const inner = `\n${step.repeat(depth + 1)}`;
    length += entries.length * inner.length;
    budget.room(length);
    return `${open}${inner}${entries.join(`,${inner}`)}\n${step.repeat(depth)}${close}`;
  }
}

function stepOf(indent: unknown): string | undefined {
  if (indent === null) return undefined;
  const int = intOf(indent);
  if (int !== undefined) return " ".repeat(Math.min(Math.max(0, Number(int)), 1000));
  const text = stringOf(indent);
  if (text === undefined)
    throw new TemplateError(`tojson: indent must be a number, not ${typeName(indent)}.`);
  return text;
}

function numberText(value: unknown): string {
  const int = intOf(value);
  if (int !== undefined) return integerText(int);
  const number = numberOf(value) ?? 0;
  if (Number.isFinite(number)) return floatText(number);
  return Number.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
}

function keyText(key: unknown): string {
  const text = stringOf(key);
  if (text !== undefined) return text;
  if (key === null) return "null";
  if (typeof key === "boolean") return String(key);
  if (numberOf(key) === undefined) throw new TemplateError(`tojson: ${typeName(key)} cannot be a key.`);
  return numberText(key);
}

function quote(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[<>&'\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
