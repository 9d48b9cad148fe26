import { formatPercent } from "./format/percent.ts";
import { calculateInts } from "./int-arithmetic.ts";
import { calculateFloats } from "./float-arithmetic.ts";
import type { Budget } from "./limits.ts";
import type { ArithmeticOperator } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import { escapeMarkup, Markup, stringOf } from "./values/markup.ts";
import { intOf, numberOf } from "./values/number.ts";
import { isTuple, tuple } from "./values/tuple.ts";
import { typeName } from "./values/type-name.ts";

/** Python's arithmetic on numbers, texts and lists. Throws for values that the operator does not fit. */
export function calculate(
  operator: ArithmeticOperator,
  left: unknown,
  right: unknown,
  budget: Budget,
): unknown {
  const text = stringOf(left);
  if (operator === "%" && text !== undefined) {
    const formatted = formatPercent(text, right, left instanceof Markup, budget);
    return left instanceof Markup ? new Markup(formatted) : formatted;
  }
  const [a, b] = [intOf(left), intOf(right)];
  if (a !== undefined && b !== undefined) return calculateInts(operator, a, b);
  const [first, second] = [numberOf(left), numberOf(right)];
  if (first !== undefined && second !== undefined) return calculateFloats(operator, first, second);
  if (operator === "+") return joined(left, right, budget);
  if (operator === "*") {
    const times = b ?? a;
    const repeated = b === undefined ? right : left;
    if (times !== undefined)
      return repeatValue(repeated, Number(times), budget) ?? impossible(operator, left, right);
  }
  return impossible(operator, left, right);
}

function impossible(operator: string, left: unknown, right: unknown): never {
  throw new TemplateError(`${typeName(left)} ${operator} ${typeName(right)} is not possible.`);
}

function joined(left: unknown, right: unknown, budget: Budget): unknown {
  const [a, b] = [stringOf(left), stringOf(right)];
  if (a !== undefined && b !== undefined) {
    budget.room(a.length + b.length);
    if (!(left instanceof Markup) && !(right instanceof Markup)) return budget.text(a + b);
    const escaped = (value: unknown, text: string): string =>
      value instanceof Markup ? text : escapeMarkup(text);
    return new Markup(budget.text(escaped(left, a) + escaped(right, b)));
  }
  if (!Array.isArray(left) || !Array.isArray(right) || isTuple(left) !== isTuple(right)) {
    return impossible("+", left, right);
  }
  budget.items(left.length + right.length);
  const items = [...(left as unknown[]), ...(right as unknown[])];
  return isTuple(left) ? tuple(items) : items;
}

/** Undefined where the value is no sequence. */
function repeatValue(value: unknown, times: number, budget: Budget): unknown {
  const count = Math.max(0, times);
  const text = stringOf(value);
  if (text !== undefined) {
    budget.room(text.length * count);
    const repeated = text === "" ? "" : budget.text(text.repeat(count));
    return value instanceof Markup ? new Markup(repeated) : repeated;
  }
  if (!Array.isArray(value)) return undefined;
  budget.items(value.length * count);
  const items: unknown[] =
    value.length === 0 ? [] : Array.from({ length: count }, () => value as unknown[]).flat();
  return isTuple(value) ? tuple(items) : items;
}
