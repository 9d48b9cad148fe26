import type { ArithmeticOperator } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import { floatOf } from "./values/number.ts";

/** Python's arithmetic where a float takes part: the result is a float, also where it is whole. */
export function calculateFloats(operator: ArithmeticOperator, a: number, b: number): unknown {
  if (operator === "+") return floatOf(a + b);
  if (operator === "-") return floatOf(a - b);
  if (operator === "*") return floatOf(a * b);
  if (operator === "**") return floatOf(power(a, b));
  if (b === 0) throw new TemplateError("Division by zero.");
  if (operator === "/") return floatOf(a / b);
  const { quotient, rest } = divideFloor(a, b);
  return floatOf(operator === "//" ? quotient : rest);
}

/** Floor division whose rest has the divisor's sign, from the exact remainder, so that no digit is lost. */
function divideFloor(a: number, b: number): { quotient: number; rest: number } {
  let rest = a % b;
  let quotient = (a - rest) / b;
  if (rest !== 0) {
    if (rest < 0 !== b < 0) {
      rest += b;
      quotient -= 1;
    }
  } else {
    rest = b < 0 ? -0 : 0;
  }
  if (quotient === 0) return { quotient: a / b < 0 || Object.is(a / b, -0) ? -0 : 0, rest };
  const floor = Math.floor(quotient);
  return { quotient: quotient - floor > 0.5 ? floor + 1 : floor, rest };
}

function power(a: number, b: number): number {
  if (a === 0 && b < 0) throw new TemplateError("Zero has no negative power.");
  // Where JavaScript has no number, Python has 1.
  if (a === 1 || b === 0) return 1;
  const value = a ** b;
  if (Number.isNaN(value) && !Number.isNaN(a) && !Number.isNaN(b)) {
    if (a === -1 && !Number.isFinite(b)) return 1;
    throw new TemplateError("The power of a negative number is a complex number here.");
  }
  if (!Number.isFinite(value) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new TemplateError("The result of the power is too large.");
  }
  return value;
}
