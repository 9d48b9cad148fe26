import { wholeNumber } from "../arguments.ts";
import { calculate } from "../arithmetic.ts";
import type { Filter } from "../filter.ts";
import { roundExact, roundQuotient } from "../format/round-exact.ts";
import { TemplateError } from "../template-error.ts";
import { stringOf } from "../values/markup.ts";
import { exactInt, Float, floatOf, type Int, intOf, isFloat, numberOf } from "../values/number.ts";
import { textOf } from "../values/repr.ts";
import { typeName } from "../values/type-name.ts";
import { floatOfText, intOfText, truncated } from "./to-number.ts";

/** Filters over one number, or what becomes one. */
export const numberFilters: Record<string, Filter> = {
  abs: {
    parameters: [],
    apply(value) {
      const int = intOf(value);
      if (int !== undefined) return int < 0 ? -int : int;
      return floatOf(Math.abs(required(value, "abs")));
    },
  },
  round: {
    parameters: ["precision", "method"],
    apply(value, [precision = 0, method = "common"], { budget }) {
      const number = required(value, "round");
      const places = precision === null ? 0 : wholeNumber(precision, "precision");
      const way = textOf(method, budget);
      if (way === "common") return rounded(value, number, places, precision === null);
      if (way !== "ceil" && way !== "floor") {
        throw new TemplateError("round's method must be common, ceil or floor.");
      }
      const scale = calculate("**", 10, places, budget);
      const scaled = required(calculate("*", value, scale, budget), "round");
      if (!Number.isFinite(scaled)) throw new TemplateError("What is not finite cannot be rounded.");
      const whole = BigInt(way === "ceil" ? Math.ceil(scaled) : Math.floor(scaled));
      return calculate("/", exactInt(whole), scale, budget);
    },
  },
  int: {
    parameters: ["default", "base"],
    apply(value, [fallback = 0, base = 10]) {
      if (value === undefined) throw new TemplateError("What is undefined is no number: use default(...).");
      const number = numberOf(value);
      if (number !== undefined) {
        if (Math.abs(number) === Infinity) throw new TemplateError("Infinity is no whole number.");
        return truncated(value) ?? fallback;
      }
      if (stringOf(value) === undefined) return fallback;
      const numbers = wholeNumber(base, "base");
      if (numbers === 0 || (numbers >= 2 && numbers <= 36)) {
        const int = intOfText(value, numbers);
        if (int !== undefined) return int;
      }
      return truncated(floatOfText(value)) ?? fallback;
    },
  },
  float: {
    parameters: ["default"],
    apply(value, [fallback = new Float(0)]) {
      if (value === undefined) throw new TemplateError("What is undefined is no number: use default(...).");
      const number = numberOf(value) ?? floatOfText(value);
      return number === undefined ? fallback : floatOf(number);
    },
  },
};

function required(value: unknown, filter: string): number {
  const number = numberOf(value);
  if (number === undefined) throw new TemplateError(`${filter} needs a number, not ${typeName(value)}.`);
  return number;
}

/** Python's `round`: of two equally near the even one. An int stays an int, a float a float unless no places are asked. */
function rounded(value: unknown, number: number, places: number, toInt: boolean): unknown {
  const int = intOf(value);
  if (int !== undefined) return places >= 0 ? int : roundInt(int, -places);
  if (!Number.isFinite(number)) {
    if (toInt) throw new TemplateError("What is not finite is no whole number.");
    return number;
  }
  if (!isFloat(value) || places > 330) return value;
  const isNegative = number < 0 || Object.is(number, -0);
  if (places < -330) return floatOf(isNegative ? -0 : 0);
  const scaled = roundExact(number, places);
  if (toInt) return exactInt(number < 0 ? -scaled : scaled);
  const size = Number(`${scaled}e${-places}`);
  if (!Number.isFinite(size)) throw new TemplateError("The rounded number is too large.");
  return floatOf(isNegative ? -size : size);
}

function roundInt(value: Int, zeros: number): Int {
  if (zeros > 5000) return 0;
  const unit = 10n ** BigInt(zeros);
  const size = roundQuotient(value < 0 ? -BigInt(value) : BigInt(value), unit) * unit;
  return exactInt(value < 0 ? -size : size);
}
