import { GLOBAL_NAMES } from "./globals.ts";
import { partsOf } from "./parts-of.ts";
import type { Expression, FilterCall, Statement } from "./syntax-tree.ts";
import { targetNames } from "./target-names.ts";

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

/** What a macro's body has besides its parameters. */
const MACRO_NAMES = new Set(["caller", "varargs", "kwargs"]);

/** The names a template needs from its inputs, in the order of the text; what it sets itself is left out. */
export function collectNames(template: Statement[]): NameUse[] {
  return usesIn(template, true)
    .filter(({ inMacro, use }) => !inMacro || !MACRO_NAMES.has(use.name))
    .map(({ use }) => use);
}

/** The names that a macro's body reads before it sets them. What stands in blocks does not count, as in Jinja2. */
export function namesReadBy(body: Statement[]): ReadonlySet<string> {
  return new Set(usesIn(body, false).map(({ use }) => use.name));
}

interface FoundUse {
  use: NameUse;
  /** Inside a macro or the body of a `{% call %}`. */
  inMacro: boolean;
}

function usesIn(template: Statement[], inBlocks: boolean): FoundUse[] {
  const found: FoundUse[] = [];
  let macros = 0;
  // What blocks see: the names of the template itself, but none of the loops they stand in.
  const root = new Set(["self"]);
  walkAll(template, root);
  return found;

  function use(name: string, at: number, known: Set<string>, looped: boolean, guarded: boolean): void {
    if (known.has(name) || GLOBAL_NAMES.has(name)) return;
    found.push({ use: { name, at, looped, guarded }, inMacro: macros > 0 });
  }

  function walkAll(statements: Statement[], known: Set<string>): void {
    for (const statement of statements) walk(statement, known);
  }

  function walkInside(statements: Statement[], known: Set<string>): void {
    walkAll(statements, new Set(known));
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
      case "for":
        return walkLoop(statement, known);
      case "set":
        read(statement.value, known);
        return declare(targetNames(statement.target), known);
      case "set-block":
        readFilters(statement.filters, known);
        walkInside(statement.body, known);
        return declare(targetNames(statement.target), known);
      case "with":
        for (const { value } of statement.assignments) read(value, known);
        return walkAll(
          statement.body,
          new Set([...known, ...statement.assignments.flatMap(({ target }) => targetNames(target))]),
        );
      case "macro":
      case "call-block":
        return walkMacro(statement, known);
      case "filter-block":
        readFilters(statement.filters, known);
        return walkInside(statement.body, known);
      case "block":
        return inBlocks ? walkInside(statement.body, statement.scoped ? known : root) : undefined;
      case "autoescape":
        read(statement.value, known);
        return walkInside(statement.body, known);
    }
  }

  function walkLoop(loop: Extract<Statement, { type: "for" }>, known: Set<string>): void {
    const { items } = loop;
    if (items.type === "name") use(items.name, items.at, known, true, false);
    else readLooped(items, known);
    const inner = new Set([...known, ...targetNames(loop.target)]);
    if (loop.filter !== undefined) read(loop.filter, inner);
    walkAll(loop.body, inner.add("loop"));
    walkInside(loop.otherwise, known);
  }

  function walkMacro(macro: Extract<Statement, { type: "macro" | "call-block" }>, known: Set<string>): void {
    if (macro.type === "macro") known.add(macro.name);
    else read(macro.call, known);
    const inner = new Set(known);
    macros += 1;
    for (const { name, fallback } of macro.parameters) {
      if (fallback !== undefined) read(fallback, inner);
      inner.add(name);
    }
    walkAll(macro.body, inner);
    macros -= 1;
  }

  /** What a loop visits; a plain path is remembered as such. */
  function readLooped(items: Expression, known: Set<string>): void {
    const before = found.length;
    read(items, known);
    const path = pathOf(items);
    const use = found[before]?.use;
    if (path !== undefined && use !== undefined) use.loopedPath = path;
  }

  function declare(names: string[], known: Set<string>): void {
    for (const name of names) known.add(name);
  }

  function readFilters(filters: FilterCall[], known: Set<string>): void {
    for (const filter of filters) for (const { value } of filter.arguments) read(value, known);
  }

  function read(expression: Expression, known: Set<string>): void {
    const [first, ...others] = partsOf(expression);
    if (expression.type === "name") use(expression.name, expression.at, known, false, false);
    else if (first?.type === "name" && plansForAbsence(expression))
      use(first.name, first.at, known, false, true);
    else if (first !== undefined) read(first, known);
    for (const part of others) read(part, known);
  }
}

/** `name is defined`, `name | default(...)`. */
function plansForAbsence(expression: Expression): boolean {
  if (expression.type === "filter") return ["default", "d"].includes(expression.filter.name);
  return expression.type === "test" && ["defined", "undefined"].includes(expression.name);
}

/** The fields of a path such as `customer.orders`, without the name it starts from. */
function pathOf(expression: Expression): string[] | undefined {
  if (expression.type === "name") return [];
  if (expression.type !== "attribute") return undefined;
  const object = pathOf(expression.object);
  return object === undefined ? undefined : [...object, expression.name];
}
