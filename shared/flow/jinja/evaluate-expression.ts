import { attributeOf, itemOf, sliceOf } from "./access.ts";
import { calculate } from "./arithmetic.ts";
import type { CallArguments } from "./arguments.ts";
import type { FilterContext } from "./filter.ts";
import { filterNamed } from "./filters.ts";
import type { Budget } from "./limits.ts";
import type { Argument, ComparisonOperator, Expression, FilterCall } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import { applyTest, isIn } from "./tests.ts";
import {
  Callable,
  compare,
  dict,
  floatOf,
  isEqual,
  isFloat,
  isTrue,
  numberOf,
  textOf,
  tuple,
  typeName,
} from "./values.ts";

/** Where names are looked up: innermost first. */
export interface Scope {
  variables: Map<string, unknown>;
  parent: Scope | undefined;
}

export function lookUp(scope: Scope | undefined, name: string): unknown {
  for (let at = scope; at !== undefined; at = at.parent) {
    if (at.variables.has(name)) return at.variables.get(name);
  }
  return undefined;
}

export interface ExpressionEvaluator {
  evaluate(expression: Expression, scope: Scope): unknown;
  call(callee: unknown, given: CallArguments, name: string): unknown;
  arguments(given: Argument[], scope: Scope): CallArguments;
  filter(call: FilterCall, value: unknown, scope: Scope): unknown;
}

export function createExpressionEvaluator(budget: Budget): ExpressionEvaluator {
  const context: FilterContext = {
    budget,
    filter: applyFilter,
    test: applyTest,
    attribute: (value, name) => attributeOf(value, name, false, budget),
  };

  function applyFilter(name: string, value: unknown, given: CallArguments): unknown {
    const filter = filterNamed(name);
    budget.spend(Array.isArray(value) ? value.length + 1 : 1);
    const result = filter(value, given, context);
    return typeof result === "string" ? budget.text(result) : result;
  }

  function evaluate(expression: Expression, scope: Scope): unknown {
    budget.spend();
    try {
      return evaluateNode(expression, scope);
    } catch (error) {
      if (error instanceof TemplateError && error.offset === undefined) {
        throw new TemplateError(error.message, expression.at);
      }
      throw error;
    }
  }

  function evaluateNode(expression: Expression, scope: Scope): unknown {
    switch (expression.type) {
      case "literal":
        return expression.value;
      case "name":
        return lookUp(scope, expression.name);
      case "attribute":
        return attributeOf(evaluate(expression.object, scope), expression.name, false, budget);
      case "item":
        return itemOf(evaluate(expression.object, scope), evaluate(expression.index, scope), budget);
      case "slice": {
        const part = (end: Expression | undefined): unknown =>
          end === undefined ? undefined : evaluate(end, scope);
        const object = evaluate(expression.object, scope);
        return sliceOf(object, part(expression.start), part(expression.stop), part(expression.step));
      }
      case "call":
        return evaluateCall(expression, scope);
      case "filter":
        return evaluator.filter(expression.filter, evaluate(expression.input, scope), scope);
      case "test": {
        const given = evaluator.arguments(expression.arguments, scope);
        return applyTest(expression.name, evaluate(expression.input, scope), given) !== expression.negated;
      }
      case "unary":
        return unary(expression.operator, evaluate(expression.operand, scope));
      case "binary": {
        const left = evaluate(expression.left, scope);
        if (expression.operator === "and") return isTrue(left) ? evaluate(expression.right, scope) : left;
        if (expression.operator === "or") return isTrue(left) ? left : evaluate(expression.right, scope);
        return calculate(expression.operator, left, evaluate(expression.right, scope), budget);
      }
      case "comparison": {
        let left = evaluate(expression.first, scope);
        for (const { operator, operand } of expression.rest) {
          const right = evaluate(operand, scope);
          if (!holds(operator, left, right)) return false;
          left = right;
        }
        return true;
      }
      case "conditional":
        if (isTrue(evaluate(expression.test, scope))) return evaluate(expression.value, scope);
        return expression.otherwise === undefined ? undefined : evaluate(expression.otherwise, scope);
      case "list":
        return expression.items.map((item) => evaluate(item, scope));
      case "tuple":
        return tuple(expression.items.map((item) => evaluate(item, scope)));
      default:
        return dict(
          expression.entries.map(({ key, value }) => [textOf(evaluate(key, scope)), evaluate(value, scope)]),
        );
    }
  }

  function evaluateCall(expression: Extract<Expression, { type: "call" }>, scope: Scope): unknown {
    const { callee } = expression;
    const target =
      callee.type === "attribute"
        ? attributeOf(evaluate(callee.object, scope), callee.name, true, budget)
        : evaluate(callee, scope);
    const name = callee.type === "attribute" || callee.type === "name" ? callee.name : "this";
    return evaluator.call(target, evaluator.arguments(expression.arguments, scope), name);
  }

  const evaluator: ExpressionEvaluator = {
    evaluate,
    call(callee, given, name) {
      if (!(callee instanceof Callable))
        throw new TemplateError(`${name} is ${typeName(callee)} and cannot be called.`);
      const result = callee.call(given.values, given.named);
      return typeof result === "string" ? budget.text(result) : result;
    },
    arguments(given, scope) {
      const values: unknown[] = [];
      const named = new Map<string, unknown>();
      for (const { name, value } of given) {
        if (name === undefined) values.push(evaluate(value, scope));
        else named.set(name, evaluate(value, scope));
      }
      return { values, named };
    },
    filter: (call, value, scope) => applyFilter(call.name, value, evaluator.arguments(call.arguments, scope)),
  };
  return evaluator;
}

function unary(operator: "not" | "-" | "+", operand: unknown): unknown {
  if (operator === "not") return !isTrue(operand);
  const number = numberOf(operand);
  if (number === undefined) throw new TemplateError(`${operator}${typeName(operand)} is not possible.`);
  const value = operator === "-" ? 0 - number : number;
  return isFloat(operand) ? floatOf(value) : value;
}

function holds(operator: ComparisonOperator, left: unknown, right: unknown): boolean {
  if (operator === "==") return isEqual(left, right);
  if (operator === "!=") return !isEqual(left, right);
  if (operator === "in") return isIn(left, right);
  if (operator === "not in") return !isIn(left, right);
  const order = compare(left, right);
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  return operator === ">" ? order > 0 : order >= 0;
}
