import type { Budget } from "./limits.ts";
import type { ComparisonOperator, Expression } from "./syntax-tree.ts";
import { isAtMost, isIn } from "./tests.ts";
import { isEqual } from "./values/equality.ts";
import { isLess } from "./values/ordering.ts";

/** `a < b < c`: each operand is evaluated once, and none after the first comparison that does not hold. */
export function compareChain(
  chain: Extract<Expression, { type: "comparison" }>,
  evaluate: (operand: Expression) => unknown,
  budget: Budget,
): boolean {
  let left = evaluate(chain.first);
  for (const { operator, operand } of chain.rest) {
    const right = evaluate(operand);
    if (!holds(operator, left, right, budget)) return false;
    left = right;
  }
  return true;
}

function holds(operator: ComparisonOperator, left: unknown, right: unknown, budget: Budget): boolean {
  if (operator === "==") return isEqual(left, right, budget);
  if (operator === "!=") return !isEqual(left, right, budget);
  if (operator === "in") return isIn(left, right, budget);
  if (operator === "not in") return !isIn(left, right, budget);
  if (operator === "<") return isLess(left, right, budget);
  if (operator === ">") return isLess(right, left, budget);
  return operator === "<=" ? isAtMost(left, right, budget) : isAtMost(right, left, budget);
}
