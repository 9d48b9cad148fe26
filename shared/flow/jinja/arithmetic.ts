import { formatPercent } from "./format-text.ts";
import type { Budget } from "./limits.ts";
import type { BinaryOperator } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import { floatOf, isFloat, numberOf, textOf, typeName } from "./values.ts";

/** Python's arithmetic, and `~`, which joins anything as text. `and` and `or` are not decided here. */
export function calculate(
  operator: Exclude<BinaryOperator, "and" | "or">,
  left: unknown,
  right: unknown,
  budget: Budget,
): unknown {
  if (operator === "~") return joined(textOf(left), textOf(right), budget);
  if (operator === "%" && typeof left === "string") return budget.text(formatPercent(left, right));
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) return numbers(operator, a, b, isFloat(left) || isFloat(right));
  if (operator === "+") {
    if (typeof left === "string" && typeof right === "string") return joined(left, right, budget);
    if (Array.isArray(left) && Array.isArray(right)) {
      budget.items(left.length + right.length);
      return [...left, ...right];
    }
  }
  if (operator === "*") {
    const times = typeof b === "number" ? b : a;
    const repeated = typeof b === "number" ? left : right;
    if (times !== undefined && Number.isInteger(times)) {
      if (typeof repeated === "string") {
        budget.room(repeated.length * Math.max(0, times));
        return budget.text(repeated.repeat(Math.max(0, times)));
      }
      if (Array.isArray(repeated)) {
        budget.items(repeated.length * Math.max(0, times));
        return Array.from({ length: Math.max(0, times) }, () => repeated).flat();
      }
    }
  }
  throw new TemplateError(`${typeName(left)} ${operator} ${typeName(right)} is not possible.`);
}

function joined(left: string, right: string, budget: Budget): string {
  budget.room(left.length + right.length);
  return budget.text(left + right);
}

function numbers(operator: BinaryOperator, a: number, b: number, float: boolean): unknown {
  const typed = (value: number): unknown => (float ? floatOf(value) : value);
  if (operator === "+") return typed(a + b);
  if (operator === "-") return typed(a - b);
  if (operator === "*") return typed(a * b);
  if (operator === "**") return b < 0 ? floatOf(a ** b) : typed(a ** b);
  if (b === 0) throw new TemplateError("Division by zero.");
  if (operator === "/") return floatOf(a / b);
  if (operator === "//") return typed(Math.floor(a / b));
  return typed(a - b * Math.floor(a / b));
}
