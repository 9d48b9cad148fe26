import type { ArithmeticOperator } from "./syntax-tree.ts";
import { calculateFloats } from "./float-arithmetic.ts";
import { TemplateError } from "./template-error.ts";
import { exactInt, floatOf, type Int } from "./values/number.ts";

/** Bits that the result of a power may have: more digits than anything prints. */
const MAX_POWER_BITS = 15_000;

/** Python's arithmetic on ints, which have no limit of size: what a double does not hold becomes a bigint. */
export function calculateInts(operator: ArithmeticOperator, a: Int, b: Int): unknown {
  if (operator === "/") return divide(a, b);
  if (operator === "**") return power(a, b);
  if ((operator === "//" || operator === "%") && (b === 0 || b === 0n)) {
    throw new TemplateError("Division by zero.");
  }
  if (typeof a === "number" && typeof b === "number") {
    const quick = small(operator, a, b);
    if (Number.isSafeInteger(quick)) return quick + 0;
  }
  return exactInt(large(operator, BigInt(a), BigInt(b)));
}

function small(operator: ArithmeticOperator, a: number, b: number): number {
  if (operator === "+") return a + b;
  if (operator === "-") return a - b;
  if (operator === "*") return a * b;
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return Number.NaN;
  const rest = a % b;
  const modulo = rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  return operator === "%" ? modulo : Math.round((a - modulo) / b);
}

function large(operator: ArithmeticOperator, a: bigint, b: bigint): bigint {
  if (operator === "+") return a + b;
  if (operator === "-") return a - b;
  if (operator === "*") return a * b;
  const rest = a % b;
  const modulo = rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
  return operator === "%" ? modulo : (a - modulo) / b;
}

function divide(a: Int, b: Int): unknown {
  if (Number(b) === 0) throw new TemplateError("Division by zero.");
  const [first, second] = [Number(a), Number(b)];
  if (Number.isSafeInteger(first) && Number.isSafeInteger(second)) return floatOf(first / second);
  return floatOf(quotient(BigInt(a), BigInt(b)));
}

/** The double nearest to the quotient of two long ints: enough bits for one rounding, the rest only says on which side. */
function quotient(a: bigint, b: bigint): number {
  const sign = a < 0n !== b < 0n ? -1 : 1;
  const [top, bottom] = [a < 0n ? -a : a, b < 0n ? -b : b];
  if (top === 0n) return sign < 0 ? -0 : 0;
  const shift = 66 - (top.toString(2).length - bottom.toString(2).length);
  const [numerator, denominator] =
    shift > 0 ? [top << BigInt(shift), bottom] : [top, bottom << BigInt(-shift)];
  const rest = numerator % denominator === 0n ? 0n : 1n;
  const value = sign * Number((numerator / denominator) | rest) * 2 ** -shift;
  if (!Number.isFinite(value)) throw new TemplateError("The result of the division is too large.");
  return value;
}

function power(a: Int, b: Int): unknown {
  if (b < 0) return calculateFloats("**", Number(a), Number(b));
  if (typeof a === "number" && typeof b === "number") {
    const quick = a ** b;
    if (Number.isSafeInteger(quick)) return quick;
  }
  const base = BigInt(a);
  if (base === 0n || base === 1n) return exactInt(base);
  if (base === -1n) return BigInt(b) % 2n === 0n ? 1 : -1;
  if (base.toString(2).length * Number(b) > MAX_POWER_BITS + base.toString(2).length) {
    throw new TemplateError("The result of the power has too many digits.");
  }
  return exactInt(base ** BigInt(b));
}
