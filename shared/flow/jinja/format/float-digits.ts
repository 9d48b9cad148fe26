import { roundExact } from "./round-exact.ts";

/** The digits of |value| in one of the forms of C's printf, without sign. */
export interface FloatForm {
  kind: "e" | "f" | "g";
  precision: number;
  /** `#`: keeps the point and, of `g`, the zeros at the end. */
  alternate: boolean;
  /** A number in fixed notation always shows a point: Python's form without a letter. */
  keepsPoint?: boolean;
}

export function floatDigits(value: number, form: FloatForm): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : "inf";
  if (form.kind === "f") return fixedDigits(value, form.precision, form.alternate);
  if (form.kind === "e") return exponentDigits(value, form.precision, form.alternate);
  return generalDigits(value, form);
}

/** `12.30`: so many digits after the point. */
export function fixedDigits(value: number, precision: number, alternate = false): string {
  const digits = roundExact(value, precision)
    .toString()
    .padStart(precision + 1, "0");
  if (precision === 0) return alternate ? `${digits}.` : digits;
  return `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

/** `1.23e+01`. */
function exponentDigits(value: number, precision: number, alternate: boolean): string {
  const { digits, exponent } = significant(value, precision + 1);
  const point = precision > 0 || alternate ? "." : "";
  return digits.charAt(0) + point + digits.slice(1) + exponentText(exponent);
}

/** Whichever of the two is shorter, without zeros at the end. */
function generalDigits(value: number, form: FloatForm): string {
  const precision = Math.max(1, form.precision);
  const { digits, exponent } = significant(value, precision);
  const highest = form.keepsPoint === true ? precision - 1 : precision;
  if (exponent < -4 || exponent >= highest) {
    const rest = form.alternate ? digits.slice(1) : digits.slice(1).replace(/0+$/, "");
    const point = rest !== "" || form.alternate ? "." : "";
    return digits.charAt(0) + point + rest + exponentText(exponent);
  }
  const fixed = fixedDigits(value, precision - 1 - exponent, form.alternate);
  if (form.alternate || !fixed.includes("."))
    return fixed + (form.keepsPoint === true && !fixed.includes(".") ? ".0" : "");
  const short = fixed.replace(/0+$/, "");
  return short.endsWith(".") ? (form.keepsPoint === true ? `${short}0` : short.slice(0, -1)) : short;
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** So many significant digits and the power of ten of the first. */
function significant(value: number, count: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: "0".repeat(count), exponent: 0 };
  // The shortest form may name the next power of ten, as 1e23 is a little less than it says.
  let exponent = Number(Math.abs(value).toExponential().split("e")[1]);
  let digits = roundExact(value, count - 1 - exponent).toString();
  if (digits.length < count) {
    exponent -= 1;
    digits = roundExact(value, count - 1 - exponent).toString();
  }
  if (digits.length > count) return { digits: digits.slice(0, count), exponent: exponent + 1 };
  return { digits, exponent };
}
