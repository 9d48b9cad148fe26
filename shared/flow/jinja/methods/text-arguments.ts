import { wholeNumber } from "../arguments.ts";
import { TemplateError } from "../template-error.ts";
import { lengthOf } from "../values/characters.ts";
import { stringOf } from "../values/markup.ts";
import { typeName } from "../values/type-name.ts";

/** A str. Throws for anything else: Python's methods of texts convert nothing. */
export function textGiven(value: unknown, name: string): string {
  const text = stringOf(value);
  if (text === undefined) throw new TemplateError(`${name} must be a str, not ${typeName(value)}.`);
  return text;
}

/** A str, or undefined for None or what was not given. */
export function optionalText(value: unknown, name: string): string | undefined {
  return value === undefined || value === null ? undefined : textGiven(value, name);
}

export function countGiven(value: unknown, name: string, fallback: number): number {
  return value === undefined ? fallback : wholeNumber(value, name);
}

/** One character to pad with. */
export function fillGiven(value: unknown): string {
  const fill = value === undefined ? " " : textGiven(value, "fillchar");
  if (lengthOf(fill) !== 1) throw new TemplateError("fillchar must be one character.");
  return fill;
}

/** The part of a text between two positions as slices have them; undefined where the start lies beyond the end. */
export function windowOf(
  self: string,
  start: unknown,
  end: unknown,
): { letters: string[]; from: number } | undefined {
  const letters = Array.from(self);
  const clamp = (value: unknown, fallback: number): number => {
    if (value === undefined || value === null) return fallback;
    const position = wholeNumber(value, "A position");
    return Math.max(0, position < 0 ? position + letters.length : position);
  };
  const from = clamp(start, 0);
  const to = Math.min(clamp(end, letters.length), letters.length);
  return from > to ? undefined : { letters: letters.slice(from, to), from };
}
