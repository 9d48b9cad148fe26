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
import { placedAt, TemplateError } from "./template-error.ts";
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

/** Evaluates the expressions of one rendering. An error gets the place of the innermost expression that it is in. */
export class ExpressionEvaluator {
  readonly #budget: Budget;
  /** For filters outside of `{% autoescape true %}` and inside, each made for the first filter that stands there. */
  #plain: FilterContext | undefined;
  #escaping: FilterContext | undefined;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  evaluate(expression: Expression, scope: Scope): unknown {
    this.#budget.spend();
    try {
      return this.#evaluateNode(expression, scope);
    } catch (error) {
      throw placedAt(error, expression.at);
    }
  }

  /** What a call calls, and what it is given. Throws where it cannot be called. */
  callable(
    { callee: expression, arguments: given }: CallExpression,
    scope: Scope,
  ): { callee: Callable; given: CallArguments } {
    const called =
      expression.type === "attribute"
        ? this.#attribute(expression, true, scope)
        : this.evaluate(expression, scope);
    if (called === undefined) throw undefinedError(expression, "so it cannot be called");
    if (!(called instanceof Callable)) {
      const name = "name" in expression ? expression.name : "This";
      throw new TemplateError(`${name} is ${typeName(called)} and cannot be called.`);
    }
    return { callee: called, given: this.#arguments(given, scope) };
  }

  call(callee: Callable, given: CallArguments, scope: Scope): unknown {
    const result = callee.call(given, scope.escaping);
    return typeof result === "string" ? this.#budget.text(result) : result;
  }

  filter(call: FilterCall, value: unknown, scope: Scope): unknown {
    const given = this.#arguments(call.arguments, scope);
    return this.#applyFilter(call.name, value, given, this.#contextOf(scope));
  }

  #contextOf({ escaping }: Scope): FilterContext {
    if (escaping) return (this.#escaping ??= this.#createContext(true));
    return (this.#plain ??= this.#createContext(false));
  }

  #createContext(escaping: boolean): FilterContext {
    const budget = this.#budget;
    const context: FilterContext = {
      budget,
      escaping,
      filter: (name, value, given) => this.#applyFilter(name, value, given, context),
      test: (name, value, given) => applyTest(name, value, given, budget),
      item: (value, key) => itemOf(value, key, budget),
      attribute: (value, name) => pythonAttribute(value, name, budget),
    };
    return context;
  }

  #applyFilter(name: string, value: unknown, given: CallArguments, context: FilterContext): unknown {
    const filter = filterNamed(name);
    this.#budget.spend();
    this.#budget.pass(stringOf(value)?.length ?? sizeOf(value) ?? 0);
    if ("applyAll" in filter) return filter.applyAll(value, given, context);
    return filter.apply(value, bindArguments(name, filter, given), context);
  }

  // Expressions are nested deeper than stacks are high, so there is little in the frames of this, and no function made.
  #evaluateNode(expression: Expression, scope: Scope): unknown {
    switch (expression.type) {
      case "literal":
        return expression.value;
      case "name":
        return knownValue(lookUp(scope, expression.name));
      case "attribute":
        return this.#attribute(expression, false, scope);
      case "item": {
        const object = this.evaluate(expression.object, scope);
        if (object === undefined) throw undefinedError(expression.object, "so it has no items");
        return itemOf(object, this.evaluate(expression.index, scope), this.#budget);
      }
      case "slice":
        return this.#slice(expression, scope);
      case "call": {
        const { callee, given } = this.callable(expression, scope);
        return this.call(callee, given, scope);
      }
      case "filter":
        return this.filter(expression.filter, this.evaluate(expression.input, scope), scope);
      case "test": {
        const value = this.evaluate(expression.input, scope);
        const given = this.#arguments(expression.arguments, scope);
        return applyTest(expression.name, value, given, this.#budget) !== expression.negated;
      }
      case "unary":
        return unary(expression.operator, this.evaluate(expression.operand, scope));
      case "binary":
        return this.#binary(expression, scope);
      case "comparison":
        return this.#comparison(expression, scope);
      case "conditional":
        if (isTrue(this.evaluate(expression.test, scope))) return this.evaluate(expression.value, scope);
        return expression.otherwise === undefined ? undefined : this.evaluate(expression.otherwise, scope);
      case "list":
        return this.#all(expression.items, scope);
      case "tuple":
        return tuple(this.#all(expression.items, scope));
      default:
        return this.#dict(expression, scope);
    }
  }

  #attribute(
    { object: expression, name }: Extract<Expression, { type: "attribute" }>,
    called: boolean,
    scope: Scope,
  ): unknown {
    const object = this.evaluate(expression, scope);
    if (object === undefined) throw undefinedError(expression, `so it has no ${name}`);
    return attributeOf(object, name, called, this.#budget);
  }

  #slice(expression: Extract<Expression, { type: "slice" }>, scope: Scope): unknown {
    const part = (end: Expression | undefined): unknown =>
      end === undefined ? null : this.evaluate(end, scope);
    const object = this.evaluate(expression.object, scope);
    if (object === undefined) throw undefinedError(expression.object, "so it has no slices");
    const { start, stop, step } = expression;
    return sliceOf(object, part(start), part(stop), part(step), this.#budget);
  }

  #binary(expression: Extract<Expression, { type: "binary" }>, scope: Scope): unknown {
    const { operator } = expression;
    const left = this.evaluate(expression.left, scope);
    if (operator === "and") return isTrue(left) ? this.evaluate(expression.right, scope) : left;
    if (operator === "or") return isTrue(left) ? left : this.evaluate(expression.right, scope);
    const right = this.evaluate(expression.right, scope);
    if (operator === "~") return this.#concatenate(left, right, scope.escaping);
    if (left === undefined) throw undefinedError(expression.left, `so ${operator} is not possible`);
    const isFormat = operator === "%" && stringOf(left) !== undefined;
    if (right === undefined && !isFormat)
      throw undefinedError(expression.right, `so ${operator} is not possible`);
    return calculate(operator, left, right, this.#budget);
  }

  /** `~` joins anything as text; in `{% autoescape true %}` escaped text makes the rest of it escaped. */
  #concatenate(left: unknown, right: unknown, escaping: boolean): unknown {
    const isMarkup = escaping && (left instanceof Markup || right instanceof Markup);
    const [a = "", b = ""] = [left, right].map((part) => {
      const text = textOf(part, this.#budget);
      return isMarkup && !(part instanceof Markup) ? escapeMarkup(text) : text;
    });
    this.#budget.room(a.length + b.length);
    const joined = this.#budget.text(a + b);
    return isMarkup ? new Markup(joined) : joined;
  }

  #comparison(expression: Extract<Expression, { type: "comparison" }>, scope: Scope): boolean {
    return compareChain(expression, (operand) => this.evaluate(operand, scope), this.#budget);
  }

  #all(expressions: readonly Expression[], scope: Scope): unknown[] {
    return expressions.map((expression) => this.evaluate(expression, scope));
  }

  #dict({ entries }: Extract<Expression, { type: "dict" }>, scope: Scope): Dict {
    return Dict.of(entries.map(({ key, value }) => [this.evaluate(key, scope), this.evaluate(value, scope)]));
  }

  #arguments(given: Argument[], scope: Scope): CallArguments {
    return spreadArguments(given, (argument) => this.evaluate(argument, scope), this.#budget);
  }
}

function knownValue(value: unknown): unknown {
  if (value === UNKNOWN) throw new UnknownValue();
  return value;
}

function unary(operator: "not" | "-" | "+", operand: unknown): unknown {
  if (operator === "not") return !isTrue(operand);
  const int = intOf(operand);
  if (int !== undefined) return operator === "-" && Number(int) !== 0 ? -int : int;
  const number = numberOf(operand);
  if (number === undefined) throw new TemplateError(`${operator}${typeName(operand)} is not possible.`);
  return floatOf(operator === "-" ? -number : number);
}
