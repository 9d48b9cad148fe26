import { interpolated, literal, type Segment, type SegmentOrigin } from "../segment.ts";
import { createExpressionEvaluator, lookUp, type Scope } from "./evaluate-expression.ts";
import { globalFunctions } from "./globals.ts";
import { Loop, type LoopState } from "./loop.ts";
import { createBudget, MAX_DEPTH, MAX_TEXT } from "./limits.ts";
import type { Expression, Parameter, Statement, Target } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import { Callable, dict, isTrue, itemsOf, Namespace, textOf, tuple, typeName } from "./values.ts";
import type { Origin } from "./word-origins.ts";

/** A round of a loop costs as much as evaluating so many nodes, also when its body is empty. */
const ROUND_COST = 3;

/** Where statements write: the pieces of the result, or the text of a block that becomes a value. */
type Output = (segment: Segment) => void;

/**
 * Renders a parsed template as stock Jinja2 does (nothing escaped, the last newline kept), with two leniences: a
 * field of what is missing is missing too, and a dict's field wins over its method. Ends in bounded time and memory.
 * `origins` tells of outputs what `traceRoles` found. Throws `TemplateError`.
 */
export function renderTemplate(
  template: Statement[],
  inputs: Record<string, unknown>,
  origins: ReadonlyMap<Statement, Origin> = new Map(),
): Segment[] {
  const segments: Segment[] = [];
  let length = 0;
  const output: Output = (segment) => {
    length += segment.text.length;
    if (length > MAX_TEXT) throw new TemplateError(`The template renders more than ${MAX_TEXT} characters.`);
    const last = segments.at(-1);
    if (segment.kind === "literal" && last?.kind === "literal") last.text += segment.text;
    else segments.push(segment);
  };
  const budget = createBudget();
  const expressions = createExpressionEvaluator(budget);
  const globals: Scope = { variables: new Map(globalFunctions(budget)), parent: undefined };
  const root: Scope = { variables: new Map(Object.entries(inputs)), parent: globals };
  const evaluate = (expression: Expression, scope: Scope): unknown => expressions.evaluate(expression, scope);
  let macroDepth = 0;

  function runAll(statements: Statement[], scope: Scope, out: Output): void {
    for (const statement of statements) run(statement, scope, out);
  }

  function run(statement: Statement, scope: Scope, out: Output): void {
    budget.spend();
    switch (statement.type) {
      case "text":
        return out(literal(statement.text));
      case "output": {
        const value = evaluate(statement.value, scope);
        const origin = segmentOrigin(origins.get(statement), value);
        return out(interpolated(textOf(value), pathOf(statement.value), origin));
      }
      case "if": {
        const branch = statement.branches.find(({ test }) => isTrue(evaluate(test, scope)));
        return runAll(branch?.body ?? statement.otherwise, scope, out);
      }
      case "for":
        return runFor(statement, scope, out);
      case "set":
        return assign(statement.target, evaluate(statement.value, scope), scope);
      case "set-block":
        return assign(statement.target, filtered(statement, { variables: new Map(), parent: scope }), scope);
      case "with": {
        const inner: Scope = { variables: new Map(), parent: scope };
        for (const { target, value } of statement.assignments) assign(target, evaluate(value, scope), inner);
        return runAll(statement.body, inner, out);
      }
      case "macro":
        scope.variables.set(
          statement.name,
          macro(statement.name, statement.parameters, statement.body, scope),
        );
        return undefined;
      case "call-block": {
        const { call } = statement;
        if (call.type !== "call") return undefined;
        const caller = macro("caller", statement.parameters, statement.body, scope);
        const given = expressions.arguments(call.arguments, scope);
        const callee = evaluate(call.callee, scope);
        const named = new Map([...given.named, ["caller", caller] as const]);
        return out(
          interpolated(textOf(expressions.call(callee, { values: given.values, named }, "macro")), undefined),
        );
      }
      case "filter-block":
        return out(interpolated(filtered(statement, { variables: new Map(), parent: scope }), undefined));
    }
  }

  /** A block's text, through its filters. */
  function filtered(block: Extract<Statement, { type: "set-block" | "filter-block" }>, scope: Scope): string {
    let value: unknown = textOfBlock(block.body, scope);
    for (const filter of block.filters) value = expressions.filter(filter, value, scope);
    return textOf(value);
  }

  function textOfBlock(body: Statement[], scope: Scope): string {
    const parts: string[] = [];
    let size = 0;
    runAll(body, scope, ({ text }) => {
      size += text.length;
      budget.room(size);
      parts.push(text);
    });
    return budget.text(parts.join(""));
  }

  function runFor(statement: Extract<Statement, { type: "for" }>, scope: Scope, out: Output): void {
    const value = evaluate(statement.items, scope);
    const all = itemsOf(value);
    if (all === undefined)
      throw new TemplateError(`${typeName(value)} cannot be looped over.`, statement.items.at);
    const { filter } = statement;
    const items =
      filter === undefined
        ? all
        : all.filter((item) => {
            budget.spend();
            const inner: Scope = { variables: new Map(), parent: scope };
            assign(statement.target, item, inner);
            return isTrue(evaluate(filter, inner));
          });
    if (items.length === 0) return runAll(statement.otherwise, scope, out);
    const outer = lookUp(scope, "loop");
    const state: LoopState = { changed: undefined, depth: outer instanceof Loop ? outer.depth + 1 : 1 };
    for (let index = 0; index < items.length; index += 1) {
      budget.spend(ROUND_COST);
      const inner: Scope = { variables: new Map(), parent: scope };
      inner.variables.set("loop", new Loop(items, index, state));
      assign(statement.target, items[index], inner);
      runAll(statement.body, inner, out);
    }
  }

  function macro(name: string, parameters: Parameter[], body: Statement[], scope: Scope): Callable {
    return new Callable(name, (values, named) => {
      const inner: Scope = { variables: new Map(), parent: scope };
      parameters.forEach((parameter, index) => {
        const given = index < values.length ? values[index] : named.get(parameter.name);
        const missing = index >= values.length && !named.has(parameter.name);
        const fallback =
          missing && parameter.fallback !== undefined ? evaluate(parameter.fallback, inner) : given;
        inner.variables.set(parameter.name, fallback);
      });
      const known = new Set(parameters.map((parameter) => parameter.name));
      inner.variables.set("varargs", tuple(values.slice(parameters.length)));
      inner.variables.set("kwargs", dict([...named].filter(([key]) => !known.has(key) && key !== "caller")));
      if (named.has("caller")) inner.variables.set("caller", named.get("caller"));
      macroDepth += 1;
      if (macroDepth > MAX_DEPTH) throw new TemplateError(`The macro ${name} calls itself too often.`);
      const text = textOfBlock(body, inner);
      macroDepth -= 1;
      return text;
    });
  }

  try {
    runAll(template, root, output);
  } catch (error) {
    // A chain of thousands of operators outgrows the stack; that is the template's fault, not the process's.
    if (error instanceof RangeError)
      throw new TemplateError("An expression of the template is too long, or a value is nested too deep.");
    throw error;
  }
  return segments;
}

function assign(target: Target, value: unknown, scope: Scope): void {
  if (target.type === "name") {
    scope.variables.set(target.name, value);
  } else if (target.type === "namespace") {
    const namespace = lookUp(scope, target.name);
    if (!(namespace instanceof Namespace)) {
      throw new TemplateError(
        `${target.name} is not a namespace(): its attributes cannot be set.`,
        target.at,
      );
    }
    namespace.attributes.set(target.attribute, value);
  } else {
    const items = itemsOf(value);
    if (items?.length !== target.targets.length) {
      throw new TemplateError(
        `${target.targets.length} names cannot take ${typeName(value)} apart.`,
        target.at,
      );
    }
    target.targets.forEach((inner, index) => assign(inner, items[index], scope));
  }
}

function segmentOrigin(origin: Origin | undefined, value: unknown): SegmentOrigin | undefined {
  if (origin?.kind === "words") return origin;
  if (origin?.kind === "list" && Array.isArray(value))
    return { kind: "items", inputs: origin.inputs, items: value };
  return origin?.kind === "item" ? { kind: "items", inputs: origin.inputs, items: [value] } : undefined;
}

/** `customer.name` of an interpolation that is nothing but a path. */
function pathOf(expression: Expression): string | undefined {
  if (expression.type === "name") return expression.name;
  if (expression.type !== "attribute" && expression.type !== "item") return undefined;
  const object = pathOf(expression.object);
  if (object === undefined) return undefined;
  if (expression.type === "attribute") return `${object}.${expression.name}`;
  return `${object}.${expression.index.type === "literal" ? String(expression.index.value) : "*"}`;
}
