import type { Budget } from "../limits.ts";
import { MAX_TEXT } from "../limits.ts";
import { TemplateError } from "../template-error.ts";
import { isDict, valueIn } from "../values/dict.ts";
import { lengthOf, sliceText } from "../values/characters.ts";
import { escapeMarkup, Markup, stringOf } from "../values/markup.ts";
import { Float, intOf, numberOf } from "../values/number.ts";
import { integerText } from "../values/number-text.ts";
import { readPlace } from "./percent-place.ts";
import { reprOf, textOf } from "../values/repr.ts";
import { isTuple } from "../values/tuple.ts";
import { typeName } from "../values/type-name.ts";
import { asciiOf } from "./ascii.ts";
import { floatDigits } from "./float-digits.ts";

/**
 * Python's `%` formatting: a tuple gives one value to each place, a dict by name; anything else is one value. In
 * `Markup` the values are escaped.
 */
export function formatPercent(template: string, given: unknown, isMarkup: boolean, budget: Budget): string {
  const values = isTuple(given) ? given : [given];
  let next = 0;
  let byName = false;
  let length = template.length;
  const take = (): unknown => {
    if (byName || next >= values.length)
      throw new TemplateError("There are fewer values than places in the format.");
    next += 1;
    return values[next - 1];
  };
  const pieces: string[] = [];
  let at = 0;
  for (let mark = template.indexOf("%"); mark >= 0; mark = template.indexOf("%", at)) {
    pieces.push(template.slice(at, mark));
    if (template[mark + 1] === "%") {
      pieces.push("%");
      at = mark + 2;
      continue;
    }
    const { key, flags, kind, end, ...written } = readPlace(template, mark + 1);
    if (key !== undefined && !isDict(given)) throw new TemplateError("A format with names needs a dict.");
    byName ||= key !== undefined;
    const width = written.width === "*" ? starOf(take()) : Number(written.width);
    const precision = written.precision === "*" ? starOf(take()) : precisionOf(written.precision);
    const value = key === undefined ? take() : valueOf(given, key);
    const text = onePlace(value, { kind, flags, width, precision, isMarkup }, budget);
    length += text.length;
    budget.room(length);
    pieces.push(text);
    at = end;
  }
  if (!byName && next < values.length && !(isDict(given) || (Array.isArray(given) && !isTuple(given)))) {
    throw new TemplateError("There are more values than places in the format.");
  }
  return budget.text(pieces.join("") + template.slice(at));
}

interface Place {
  kind: string;
  flags: string;
  /** Negative: to the left. */
  width: number;
  precision: number | undefined;
  isMarkup: boolean;
}

function onePlace(value: unknown, place: Place, budget: Budget): string {
  const { flags } = place;
  const left = flags.includes("-") || place.width < 0;
  const width = Math.abs(place.width);
  if (width > MAX_TEXT) throw new TemplateError("A format's width is too large.");
  const text = textPlace(value, place, budget);
  if (text !== undefined) {
    const isWhole = place.precision === undefined || place.kind === "c";
    const shown = isWhole ? text : sliceText(text, 0, place.precision);
    const blanks = " ".repeat(Math.max(0, width - lengthOf(shown)));
    return left ? shown + blanks : blanks + shown;
  }
  const { sign, prefix, digits } = numberPlace(value, place);
  const shownSign = sign !== "" ? sign : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const missing = Math.max(0, width - shownSign.length - prefix.length - digits.length);
  if (left) return shownSign + prefix + digits + " ".repeat(missing);
  if (flags.includes("0")) return shownSign + prefix + "0".repeat(missing) + digits;
  return " ".repeat(missing) + shownSign + prefix + digits;
}

/** Undefined where the place is one for a number. */
function textPlace(value: unknown, { kind, isMarkup }: Place, budget: Budget): string | undefined {
  if (kind === "s") {
    const text = textOf(value, budget);
    return isMarkup && !(value instanceof Markup) ? escapeMarkup(text) : text;
  }
  if (kind === "r" || kind === "a") {
    const text = reprOf(value, budget);
    const shown = kind === "a" ? asciiOf(text) : text;
    return isMarkup ? escapeMarkup(shown) : shown;
  }
  if (kind !== "c") return undefined;
  const int = intOf(value);
  if (int !== undefined && int >= 0 && int <= 0x10ffff) return String.fromCodePoint(Number(int));
  const text = stringOf(value);
  if (text !== undefined && lengthOf(text) === 1) return text;
  throw new TemplateError("The format %c needs one character or its number.");
}

interface NumberText {
  sign: "" | "-";
  prefix: string;
  digits: string;
}

function numberPlace(value: unknown, { kind, flags, precision }: Place): NumberText {
  const lower = kind.toLowerCase();
  const number = numberOf(value);
  if (number === undefined || !"diouxefg".includes(lower) || "DIOU".includes(kind)) {
    if (!"diouxXeEfFgG".includes(kind)) throw new TemplateError(`The format %${kind} is not known.`);
    throw new TemplateError(`The format %${kind} needs a number, not ${typeName(value)}.`);
  }
  if ("diuoxX".includes(kind)) return wholePlace(value, kind, flags, precision);
  const sign = number < 0 || Object.is(number, -0) ? "-" : "";
  const form = { kind: lower as "e" | "f" | "g", precision: precision ?? 6, alternate: flags.includes("#") };
  const digits = floatDigits(number, form);
  return { sign, prefix: "", digits: kind === lower ? digits : digits.toUpperCase() };
}

function wholePlace(value: unknown, kind: string, flags: string, precision: number | undefined): NumberText {
  const isDecimal = "diu".includes(kind);
  if (!isDecimal && (value instanceof Float || intOf(value) === undefined)) {
    throw new TemplateError(`The format %${kind} needs a whole number, not ${typeName(value)}.`);
  }
  const number = numberOf(value) ?? 0;
  if (!Number.isFinite(number)) throw new TemplateError("What is not finite is no whole number.");
  const int = intOf(value) ?? BigInt(Math.trunc(number));
  const size = int < 0 ? -BigInt(int) : BigInt(int);
  const base = isDecimal ? 10 : kind === "o" ? 8 : 16;
  const digits = base === 10 ? integerText(size) : size.toString(base);
  const padded = digits.padStart(precision ?? 0, "0");
  const prefix = flags.includes("#") && !isDecimal ? `0${kind}` : "";
  return { sign: int < 0 ? "-" : "", prefix, digits: kind === "X" ? padded.toUpperCase() : padded };
}

function valueOf(given: unknown, key: string): unknown {
  const found = isDict(given) ? valueIn(given, key) : undefined;
  if (found === undefined) throw new TemplateError(`The format has no value for ${key}.`);
  return found[0];
}

function starOf(value: unknown): number {
  const int = intOf(value);
  if (int === undefined || Math.abs(Number(int)) > MAX_TEXT)
    throw new TemplateError("* needs a whole number.");
  return Number(int);
}

function precisionOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const precision = Number(text);
  if (precision > 1000) throw new TemplateError("A format's precision is too large.");
  return precision;
}
