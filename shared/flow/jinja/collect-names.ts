import type { Argument, Expression, FilterCall, Statement, Target } from "./syntax-tree.ts";

/** A name that a template takes from outside, and how it is used there. */
export interface NameUse {
  name: string;
  at: number;
  /** Looped over as it is. */
  looped: boolean;
  /** The field of it that is looped over: `["orders"]` of `customer.orders`. */
  loopedPath?: string[];
  /** Wrapped so that its absence is planned for: `is defined`, `default(...)`. */
  guarded: boolean;
}

const GLOBALS = new Set(["range", "dict", "namespace", "joiner", "loop", "caller", "varargs", "kwargs"]);

/** The names a template needs from its inputs, in the order of the text; what it sets itself is left out. */
export function collectNames(template: Statement[]): NameUse[] {
  const found: NameUse[] = [];
  walkAll(template, new Set());
  return found;

  function use(name: string, at: number, known: Set<string>, looped: boolean, guarded: boolean): void {
    if (!known.has(name) && !GLOBALS.has(name)) found.push({ name, at, looped, guarded });
  }

  function walkAll(statements: Statement[], known: Set<string>): void {
    for (const statement of statements) walk(statement, known);
  }

  function walk(statement: Statement, known: Set<string>): void {
    switch (statement.type) {
      case "text":
        return;
      case "output":
        return read(statement.value, known);
      case "if":
        for (const { test, body } of statement.branches) {
          read(test, known);
          walkAll(body, known);
        }
        return walkAll(statement.otherwise, known);
      case "for": {
        const { items } = statement;
        if (items.type === "name") use(items.name, items.at, known, true, false);
        else readLooped(items, known);
        const inner = new Set(known);
        declare(statement.target, inner);
        if (statement.filter !== undefined) read(statement.filter, inner);
        walkAll(statement.body, inner);
        return walkAll(statement.otherwise, known);
      }
      case "set":
        read(statement.value, known);
        return declare(statement.target, known);
      case "set-block":
        readFilters(statement.filters, known);
        walkAll(statement.body, new Set(known));
        return declare(statement.target, known);
      case "with": {
        const inner = new Set(known);
        for (const { target, value } of statement.assignments) {
          read(value, inner);
          declare(target, inner);
        }
        return walkAll(statement.body, inner);
      }
      case "macro":
      case "call-block": {
        if (statement.type === "macro") known.add(statement.name);
        else read(statement.call, known);
        const inner = new Set(known);
        for (const { name, fallback } of statement.parameters) {
          if (fallback !== undefined) read(fallback, known);
          inner.add(name);
        }
        return walkAll(statement.body, inner);
      }
      case "filter-block":
        readFilters(statement.filters, known);
        return walkAll(statement.body, new Set(known));
    }
  }

  /** What a loop visits; a plain path is remembered as such. */
  function readLooped(items: Expression, known: Set<string>): void {
    const before = found.length;
    read(items, known);
    const path = pathOf(items);
    const use = found[before];
    if (path !== undefined && use !== undefined) use.loopedPath = path;
  }

  function declare(target: Target, known: Set<string>): void {
    if (target.type === "name") known.add(target.name);
    if (target.type === "names") for (const inner of target.targets) declare(inner, known);
  }

  function readFilters(filters: FilterCall[], known: Set<string>): void {
    for (const filter of filters) readArguments(filter.arguments, known);
  }

  function readArguments(given: Argument[], known: Set<string>): void {
    for (const { value } of given) read(value, known);
  }

  function read(expression: Expression, known: Set<string>, guarded = false): void {
    switch (expression.type) {
      case "literal":
        return;
      case "name":
        return use(expression.name, expression.at, known, false, guarded);
      case "attribute":
        return read(expression.object, known, guarded);
      case "item":
        read(expression.object, known, guarded);
        return read(expression.index, known);
      case "slice":
        read(expression.object, known);
        for (const part of [expression.start, expression.stop, expression.step]) {
          if (part !== undefined) read(part, known);
        }
        return;
      case "call":
        read(expression.callee, known);
        return readArguments(expression.arguments, known);
      case "filter":
        read(expression.input, known, ["default", "d"].includes(expression.filter.name));
        return readArguments(expression.filter.arguments, known);
      case "test":
        read(expression.input, known, ["defined", "undefined"].includes(expression.name));
        return readArguments(expression.arguments, known);
      case "unary":
        return read(expression.operand, known);
      case "binary":
        read(expression.left, known);
        return read(expression.right, known);
      case "comparison":
        read(expression.first, known);
        for (const { operand } of expression.rest) read(operand, known);
        return;
      case "conditional":
        for (const part of [expression.test, expression.value, expression.otherwise]) {
          if (part !== undefined) read(part, known);
        }
        return;
      case "list":
      case "tuple":
        for (const item of expression.items) read(item, known);
        return;
      case "dict":
        for (const { key, value } of expression.entries) {
          read(key, known);
          read(value, known);
        }
    }
  }
}

/** The fields of a path such as `customer.orders`, without the name it starts from. */
function pathOf(expression: Expression): string[] | undefined {
  if (expression.type === "name") return [];
  if (expression.type !== "attribute") return undefined;
  const object = pathOf(expression.object);
  return object === undefined ? undefined : [...object, expression.name];
}
