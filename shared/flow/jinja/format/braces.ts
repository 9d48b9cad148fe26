import type { Budget } from "../limits.ts";
import { TemplateError } from "../template-error.ts";
import { escapeMarkup, Markup } from "../values/markup.ts";
import { reprOf, textOf } from "../values/repr.ts";
import { asciiOf } from "./ascii.ts";
import { formatBySpec } from "./spec.ts";

/** What a place in the braces is filled from. */
export interface BraceValues {
  values: readonly unknown[];
  /** The value of a name; undefined as a whole where there is none. */
  named(name: string): [value: unknown] | undefined;
  /** `{a.b}` and `{a[b]}` as the template's own dots and brackets see them. */
  attribute(value: unknown, name: string): unknown;
  item(value: unknown, key: string | number): unknown;
}

const MAX_NESTING = 2;
/** Name, conversion and format. A bracket may hold what would otherwise end the name. */
const PLACE = /^(?<field>(?:\[[^\]{}]*\]|[^!:{}[])*)(?:!(?<conversion>[^:]))?(?::(?<spec>[^]*))?$/u;

/** Python's `str.format`; in `Markup` the values are escaped. Throws where a place has no value or no form. */
export function formatBraces(
  template: string,
  given: BraceValues,
  isMarkup: boolean,
  budget: Budget,
): string {
  let automatic: number | undefined;
  let isManual = false;
  return budget.text(fill(template, MAX_NESTING));

  function fill(text: string, depth: number): string {
    if (depth < 0) throw new TemplateError("Places in a format are nested too deep.");
    let filled = "";
    let at = 0;
    while (at < text.length) {
      const brace = nextBrace(text, at);
      filled += text.slice(at, brace);
      if (brace >= text.length) break;
      if (text[brace] === text[brace + 1]) {
        filled += text.charAt(brace);
        at = brace + 2;
        continue;
      }
      if (text[brace] === "}") throw new TemplateError("A format has a single }.");
      const end = closing(text, brace);
      filled += place(text.slice(brace + 1, end), depth);
      budget.room(filled.length);
      at = end + 1;
    }
    return filled;
  }

  function place(inside: string, depth: number): string {
    budget.spend();
    const part = PLACE.exec(inside)?.groups;
    if (part === undefined) throw new TemplateError(`{${inside.slice(0, 100)}} is no place in a format.`);
    const { field = "", conversion, spec = "" } = part;
    const value = converted(valueOf(field), conversion);
    const shown = formatted(value, fill(spec, depth - 1));
    return isMarkup && !(value instanceof Markup) ? escapeMarkup(shown) : shown;
  }

  function formatted(value: unknown, spec: string): string {
    if (value === undefined && spec !== "") throw new TemplateError("What is undefined takes no format.");
    return formatBySpec(value, spec, budget);
  }

  function converted(value: unknown, conversion: string | undefined): unknown {
    if (conversion === undefined) return value;
    if (conversion === "s") return textOf(value, budget);
    if (conversion === "r") return reprOf(value, budget);
    if (conversion === "a") return asciiOf(reprOf(value, budget));
    throw new TemplateError(`The conversion !${conversion} is not known.`);
  }

  function valueOf(field: string): unknown {
    const [first = ""] = /^[^.[]*/.exec(field) ?? [];
    let value = firstValue(first);
    let rest = field.slice(first.length);
    while (rest !== "") {
      const [step = "", name, key] = /^(?:\.([^.[]+)|\[([^\]]+)\])/.exec(rest) ?? [];
      if (step === "") throw new TemplateError(`{${field}} is no name in a format.`);
      value = name !== undefined ? given.attribute(value, name) : given.item(value, keyOf(key ?? ""));
      rest = rest.slice(step.length);
    }
    return value;
  }

  function firstValue(name: string): unknown {
    if (name !== "" && !/^\d+$/.test(name)) {
      const found = given.named(name);
      if (found === undefined) throw new TemplateError(`format has no value for {${name}}.`);
      return found[0];
    }
    if (name === "" ? isManual : automatic !== undefined) {
      throw new TemplateError("A format cannot have both {} and {0}.");
    }
    isManual = name !== "";
    if (name === "") automatic = (automatic ?? -1) + 1;
    const index = name === "" ? (automatic ?? 0) : Number(name);
    if (index >= given.values.length) throw new TemplateError(`format has no value for {${name}}.`);
    return given.values[index];
  }
}

function keyOf(key: string): string | number {
  return /^\d+$/.test(key) ? Number(key) : key;
}

function nextBrace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "{" && text[at] !== "}") at += 1;
  return at;
}

/** The brace that closes the one at a position, others being nested between them. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  throw new TemplateError("A format has a { that is not closed.");
}
