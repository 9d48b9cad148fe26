import type { CallArguments } from "./values/call-arguments.ts";
import { attributeOf, itemOf, pythonAttribute, sliceOf } from "./access.ts";
import { bindArguments } from "./arguments.ts";
import { calculate } from "./arithmetic.ts";
import { compareChain } from "./compare-chain.ts";
import type { FilterContext } from "./filter.ts";
import { filterNamed } from "./filters.ts";
import type { Budget } from "./limits.ts";
import { lookUp, type Scope } from "./scope.ts";
import { spreadArguments } from "./spread-arguments.ts";
import type { Argument, CallExpression, Expression, FilterCall } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import { applyTest } from "./tests.ts";
import { UNKNOWN, UnknownValue } from "./values/unknown.ts";
import { undefinedError } from "./undefined-error.ts";
import { Callable } from "./values/callable.ts";
import { Dict } from "./values/dict.ts";
import { sizeOf } from "./values/items-of.ts";
import { escapeMarkup, Markup, stringOf } from "./values/markup.ts";
import { floatOf, intOf, numberOf } from "./values/number.ts";
import { textOf } from "./values/repr.ts";
import { isTrue } from "./values/truth.ts";
import { tuple } from "./values/tuple.ts";
import { typeName } from "./values/type-name.ts";

export interface ExpressionEvaluator {
  evaluate(expression: Expression, scope: Scope): unknown;
  /** Gives an error that has no place yet that of the expression. */
  located<T>(expression: Expression, work: () => T): T;
  /** What a call calls, and what it is given. Throws where it cannot be called. */
  callable(expression: CallExpression, scope: Scope): { callee: Callable; given: CallArguments };
  call(callee: Callable, given: CallArguments, scope: Scope): unknown;
  filter(call: FilterCall, value: unknown, scope: Scope): unknown;
}

export function createExpressionEvaluator(budget: Budget): ExpressionEvaluator {
  const contexts = [false, true].map((escaping): FilterContext => {
    const context: FilterContext = {
      budget,
      escaping,
      filter: (name, value, given) => applyFilter(name, value, given, context),
      test: (name, value, given) => applyTest(name, value, given, budget),
      item: (value, key) => itemOf(value, key, budget),
      attribute: (value, name) => pythonAttribute(value, name, budget),
    };
    return context;
  });

  function applyFilter(name: string, value: unknown, given: CallArguments, context: FilterContext): unknown {
    const filter = filterNamed(name);
    budget.spend();
    budget.pass(stringOf(value)?.length ?? sizeOf(value) ?? 0);
    if ("applyAll" in filter) return filter.applyAll(value, given, context);
    return filter.apply(value, bindArguments(name, filter, given), context);
  }

  function evaluate(expression: Expression, scope: Scope): unknown {
    budget.spend();
    // As in `located`, without its frames: expressions are nested deeper than stacks are high.
    try {
      return evaluateNode(expression, scope);
    } catch (error) {
      throw withPlace(error, expression);
    }
  }

  function located<T>(expression: Expression, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw withPlace(error, expression);
    }
  }

  function evaluateNode(expression: Expression, scope: Scope): unknown {
    switch (expression.type) {
      case "literal":
        return expression.value;
      case "name":
        return knownValue(lookUp(scope, expression.name));
      case "attribute": {
        const object = evaluate(expression.object, scope);
        if (object === undefined) throw undefinedError(expression.object, `so it has no ${expression.name}`);
        return attributeOf(object, expression.name, false, budget);
      }
      case "item": {
        const object = evaluate(expression.object, scope);
        if (object === undefined) throw undefinedError(expression.object, "so it has no items");
        return itemOf(object, evaluate(expression.index, scope), budget);
      }
      case "slice": {
        const part = (end: Expression | undefined): unknown =>
          end === undefined ? null : evaluate(end, scope);
        const object = evaluate(expression.object, scope);
        if (object === undefined) throw undefinedError(expression.object, "so it has no slices");
        return sliceOf(object, part(expression.start), part(expression.stop), part(expression.step), budget);
      }
      case "call": {
        const { callee, given } = evaluator.callable(expression, scope);
        return evaluator.call(callee, given, scope);
      }
      case "filter":
        return evaluator.filter(expression.filter, evaluate(expression.input, scope), scope);
      case "test": {
        const value = evaluate(expression.input, scope);
        const given = evaluateArguments(expression.arguments, scope);
        return applyTest(expression.name, value, given, budget) !== expression.negated;
      }
      case "unary":
        return unary(expression.operator, evaluate(expression.operand, scope));
      case "binary":
        return binary(expression, scope);
      case "comparison":
        return compareChain(expression, (operand) => evaluate(operand, scope), budget);
      case "conditional":
        if (isTrue(evaluate(expression.test, scope))) return evaluate(expression.value, scope);
        return expression.otherwise === undefined ? undefined : evaluate(expression.otherwise, scope);
      case "list":
        return expression.items.map((item) => evaluate(item, scope));
      case "tuple":
        return tuple(expression.items.map((item) => evaluate(item, scope)));
      default:
        return Dict.of(
          expression.entries.map(({ key, value }) => [evaluate(key, scope), evaluate(value, scope)]),
        );
    }
  }

  function attributeCalled(
    { object: expression, name }: Extract<Expression, { type: "attribute" }>,
    scope: Scope,
  ): unknown {
    const object = evaluate(expression, scope);
    if (object === undefined) throw undefinedError(expression, `so it has no ${name}`);
    return attributeOf(object, name, true, budget);
  }

  function binary(expression: Extract<Expression, { type: "binary" }>, scope: Scope): unknown {
    const { operator } = expression;
    const left = evaluate(expression.left, scope);
    if (operator === "and") return isTrue(left) ? evaluate(expression.right, scope) : left;
    if (operator === "or") return isTrue(left) ? left : evaluate(expression.right, scope);
    const right = evaluate(expression.right, scope);
    if (operator === "~") return concatenate(left, right, scope.escaping);
    if (left === undefined) throw undefinedError(expression.left, `so ${operator} is not possible`);
    const isFormat = operator === "%" && stringOf(left) !== undefined;
    if (right === undefined && !isFormat)
      throw undefinedError(expression.right, `so ${operator} is not possible`);
    return calculate(operator, left, right, budget);
  }

  /** `~` joins anything as text; in `{% autoescape true %}` escaped text makes the rest of it escaped. */
  function concatenate(left: unknown, right: unknown, escaping: boolean): unknown {
    const isMarkup = escaping && (left instanceof Markup || right instanceof Markup);
    const [a = "", b = ""] = [left, right].map((part) => {
      const text = textOf(part, budget);
      return isMarkup && !(part instanceof Markup) ? escapeMarkup(text) : text;
    });
    budget.room(a.length + b.length);
    const joined = budget.text(a + b);
    return isMarkup ? new Markup(joined) : joined;
  }

  function evaluateArguments(given: Argument[], scope: Scope): CallArguments {
    return spreadArguments(given, (argument) => evaluate(argument, scope), budget);
  }

  const evaluator: ExpressionEvaluator = {
    evaluate,
    located,
    callable({ callee: expression, arguments: given }, scope) {
      const called =
        expression.type === "attribute" ? attributeCalled(expression, scope) : evaluate(expression, scope);
      if (called === undefined) throw undefinedError(expression, "so it cannot be called");
      if (!(called instanceof Callable)) {
        const name = "name" in expression ? expression.name : "This";
        throw new TemplateError(`${name} is ${typeName(called)} and cannot be called.`);
      }
      return { callee: called, given: evaluateArguments(given, scope) };
    },
    call(callee, given, scope) {
      const result = callee.call(given, scope.escaping);
      return typeof result === "string" ? budget.text(result) : result;
    },
    filter(call, value, scope) {
      const context = contexts[scope.escaping ? 1 : 0] as FilterContext;
      return applyFilter(call.name, value, evaluateArguments(call.arguments, scope), context);
    },
  };
  return evaluator;
}

function knownValue(value: unknown): unknown {
  if (value === UNKNOWN) throw new UnknownValue();
  return value;
}

function withPlace(error: unknown, expression: Expression): unknown {
  return error instanceof TemplateError ? error.placed(expression.at) : error;
}

function unary(operator: "not" | "-" | "+", operand: unknown): unknown {
  if (operator === "not") return !isTrue(operand);
  const int = intOf(operand);
  if (int !== undefined) return operator === "-" && Number(int) !== 0 ? -int : int;
  const number = numberOf(operand);
  if (number === undefined) throw new TemplateError(`${operator}${typeName(operand)} is not possible.`);
  return floatOf(operator === "-" ? -number : number);
}
