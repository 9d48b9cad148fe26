/**
 * |value| * 10 ** places, rounded to a whole number from the double's exact value; of two equally near, the even one.
 * That is what Python's formats and `round` do, and JavaScript's `toFixed` does not.
 */
export function roundExact(value: number, places: number): bigint {
  const { mantissa, exponent } = partsOf(Math.abs(value));
  const numerator = mantissa * 2n ** BigInt(Math.max(0, exponent)) * 10n ** BigInt(Math.max(0, places));
  const denominator = 2n ** BigInt(Math.max(0, -exponent)) * 10n ** BigInt(Math.max(0, -places));
  return roundQuotient(numerator, denominator);
}

/** The quotient of two numbers that are not negative, rounded as above. */
export function roundQuotient(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  const isUp = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}

/** A double as mantissa * 2 ** exponent, exactly. */
function partsOf(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const raw = Number(bits >> 52n) & 0x7ff;
  const fraction = bits & ((1n << 52n) - 1n);
  if (raw === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | (1n << 52n), exponent: raw - 1075 };
}
