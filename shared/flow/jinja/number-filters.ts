import { argument, booleanArgument, integerArgument, textArgument } from "./arguments.ts";
import { fixed } from "./fixed.ts";
import type { Filter } from "./filter.ts";
import { TemplateError } from "./template-error.ts";
import { Float, floatOf, isDict, isFloat, isTrue, numberOf, tuple, typeName } from "./values.ts";

/** Filters over numbers, and those that give a fallback or another type. */
export const numberFilters: Record<string, Filter> = {
  abs(value) {
    const number = required(value, "abs");
    return isFloat(value) ? floatOf(Math.abs(number)) : Math.abs(number);
  },
  round(value, given) {
    const number = required(value, "round");
    const precision = integerArgument(given, 0, "precision", 0);
    const method = textArgument(given, 1, "method", "common");
    const scale = 10 ** precision;
    if (method === "ceil") return floatOf(Math.ceil(number * scale) / scale);
    if (method === "floor") return floatOf(Math.floor(number * scale) / scale);
    if (method !== "common") throw new TemplateError("round's method must be common, ceil or floor.");
    const rounded = roundHalfEven(number, precision);
    return isFloat(value) ? floatOf(rounded) : rounded;
  },
  int(value, given) {
    const fallback = argument(given, 0, "default") ?? 0;
    const number = numberOf(value);
    if (number !== undefined) return Number.isFinite(number) ? Math.trunc(number) : fallback;
    if (typeof value !== "string") return fallback;
    const base = integerArgument(given, 1, "base", 10);
    const parsed = integerOfText(value.trim(), base) ?? Math.trunc(floatOfText(value) ?? Number.NaN);
    return Number.isFinite(parsed) ? parsed : fallback;
  },
  float(value, given) {
    const number = numberOf(value) ?? (typeof value === "string" ? floatOfText(value) : undefined);
    return number === undefined ? (argument(given, 0, "default") ?? new Float(0)) : floatOf(number);
  },
  default(value, given) {
    const fallback = given.values.length > 0 ? given.values[0] : (given.named.get("default_value") ?? "");
    const falsyToo = booleanArgument(given, 1, "boolean", false);
    return value === undefined || (falsyToo && !isTrue(value)) ? fallback : value;
  },
  items(value) {
    if (value === undefined) return [];
    if (!isDict(value)) throw new TemplateError(`items needs a dict, not ${typeName(value)}.`);
    return Object.entries(value).map((entry) => tuple(entry));
  },
};
numberFilters.d = numberFilters.default as Filter;

function required(value: unknown, filter: string): number {
  const number = numberOf(value);
  if (number === undefined) throw new TemplateError(`${filter} needs a number, not ${typeName(value)}.`);
  return number;
}

/** As Python's round(): the nearest value of so many digits, and the even one of two equally near. */
function roundHalfEven(value: number, precision: number): number {
  if (!Number.isFinite(value) || precision > 15) return value;
  if (precision >= 0) return Number(fixed(value, precision));
  const scale = 10 ** -precision;
  return Number(fixed(value / scale, 0)) * scale;
}

function integerOfText(text: string, base: number): number | undefined {
  const digits = "0123456789abcdefghijklmnopqrstuvwxyz".slice(0, base);
  const prefix = { 16: "0x", 8: "0o", 2: "0b" }[base];
  const [, sign = "", body = ""] = /^([-+]?)(.*)$/s.exec(text.toLowerCase()) ?? [];
  const bare = prefix !== undefined && body.startsWith(prefix) ? body.slice(2) : body;
  if (bare === "" || Array.from(bare).some((digit) => !digits.includes(digit))) return undefined;
  return parseInt(bare, base) * (sign === "-" ? -1 : 1);
}

function floatOfText(text: string): number | undefined {
  const trimmed = text.trim();
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(trimmed) ? Number(trimmed) : undefined;
}
