/** `toPrecision` takes no more. */
const MOST_DIGITS = 100;

/**
 * Whether a number as JSON writes it keeps all its digits when it is read: whether the double nearest to it, written
 * with as many digits or with as few as tell it from others, is the same again. So 0.1 does and 9007199254740993 does
 * not.
 */
export function isExactNumber(written: string): boolean {
  const value = Number(written);
  const digits = significantDigits(written);
  if (digits === "") return true;
  if (!Number.isFinite(value) || digits.length > MOST_DIGITS) return false;
  return [String(value), value.toPrecision(digits.length)].some(
    (again) => significantDigits(again) === digits,
  );
}

/** Without sign, point, exponent, and the zeros before and after. */
function significantDigits(written: string): string {
  const digits = (written.split(/e/i)[0] ?? "").replaceAll(/[-+.]/g, "").replace(/^0+/, "");
  let end = digits.length;
  while (digits[end - 1] === "0") end -= 1;
  return digits.slice(0, end);
}
