import { TemplateError } from "../template-error.ts";
import { trimEnd, trimStart } from "../values/characters.ts";
import { stringOf } from "../values/markup.ts";
import { exactInt, type Int, intOf, numberOf } from "../values/number.ts";
import { typeName } from "../values/type-name.ts";

/** Python's `float(value)`. Throws where there is none. */
export function toFloat(value: unknown, name: string): number {
  const number = numberOf(value) ?? floatOfText(value);
  if (number === undefined) throw new TemplateError(`${name} needs a number, not ${typeName(value)}.`);
  return number;
}

/** Python's `int(number)`: without what stands after the point. Undefined for infinity and nan. */
export function truncated(value: unknown): Int | undefined {
  const int = intOf(value);
  if (int !== undefined) return int;
  const number = numberOf(value);
  return number === undefined || !Number.isFinite(number) ? undefined : exactInt(BigInt(Math.trunc(number)));
}

/** Digits of any script, as their ASCII ones. */
function asciiDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    // Decimal digits come in runs of ten; the zero is the last character before them that is none.
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
    return code < 0x80 ? digit : String(value);
  });
}

/** Python's `int(text, base)`: blanks around it, a sign, a prefix of its base, and `_` between digits. */
export function intOfText(value: unknown, base: number): Int | undefined {
  const text = stringOf(value);
  if (text === undefined || text.length > 5000) return undefined;
  const bare = asciiDigits(trimEnd(trimStart(text))).toLowerCase();
  const [, sign = "", prefix = "", digits = ""] = /^([-+]?)(0[xob](?=_?[\da-z]))?(.*)$/s.exec(bare) ?? [];
  const prefixBase = { "0x": 16, "0o": 8, "0b": 2 }[prefix];
  if (base === 0 && prefixBase === undefined && /^0[\d_]*[1-9]/.test(digits)) return undefined;
  const actual = base === 0 ? (prefixBase ?? 10) : base;
  const body = prefixBase === actual ? digits.replace(/^_/, "") : prefix + digits;
  if (!/^[\da-z]+(?:_[\da-z]+)*$/.test(body)) return undefined;
  let number = 0n;
  for (const digit of body.replaceAll("_", "")) {
    const place = parseInt(digit, 36);
    if (place >= actual) return undefined;
    number = number * BigInt(actual) + BigInt(place);
  }
  return exactInt(sign === "-" ? -number : number);
}

/** Python's `float(text)`. */
export function floatOfText(value: unknown): number | undefined {
  const text = stringOf(value);
  if (text === undefined) return undefined;
  const bare = asciiDigits(trimEnd(trimStart(text)));
  const named = /^([-+]?)(inf|infinity|nan)$/i.exec(bare);
  if (named !== null) {
    const size = named[2]?.toLowerCase() === "nan" ? Number.NaN : Infinity;
    return named[1] === "-" ? -size : size;
  }
  const isNumber = /^[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?$/i.test(
    bare,
  );
  return isNumber ? Number(bare.replaceAll("_", "")) : undefined;
}
