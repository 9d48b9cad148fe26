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
  /** The field of it that is read: `["address", "city"]` of `customer.address.city`. What is called is none. */
  path?: string[];
  /** Wrapped so that its absence is planned for: `is defined`, `default(...)`. */
  guarded: boolean;
}

/** What a macro's body has besides its parameters. */
const MACRO_NAMES = new Set(["caller", "varargs", "kwargs"]);

/**
 * The names a template needs from its inputs, in the order of the text; what it sets itself is left out. One that Jinja2
 * defines, such as `range`, is among them, for an input of that name stands in its place; that none is given is fine.
 * The same is true of what only some branches set.
 */
export function collectNames(template: Statement[], hasSelf = true): NameUse[] {
  return usesIn(template, { inBlocks: true, hasSelf })
    .filter(({ inMacro, use }) => !inMacro || !MACRO_NAMES.has(use.name))
    .map(({ use }) => use);
}

/** A macro is made in each rendering, and its body looked through once. */
const ANALYSED = new WeakMap<Statement[], ReadonlySet<string>>();

/**
 * The names that a macro's body reads before it sets them. What stands in blocks does not count, as in Jinja2, and what
 * one branch sets counts as set behind it.
 */
export function namesReadBy(body: Statement[]): ReadonlySet<string> {
  const known = ANALYSED.get(body);
  if (known !== undefined) return known;
  const names = new Set(usesIn(body, { inBlocks: false, hasSelf: true }).map(({ use }) => use.name));
  ANALYSED.set(body, names);
  return names;
}

interface FoundUse {
  use: NameUse;
  /** Inside a macro or the body of a `{% call %}`. */
  inMacro: boolean;
}

/** What is set before a place: true where it certainly is, false where only a branch before it sets it. */
interface Known {
  names: Map<string, boolean>;
  /** What is set around it. */
  outer: Known | undefined;
}

interface Options {
  inBlocks: boolean;
  /** Whether `self` is the template's own, as it is everywhere but in expressions on their own. */
  hasSelf: boolean;
}

function usesIn(template: Statement[], { inBlocks, hasSelf }: Options): FoundUse[] {
  const found: FoundUse[] = [];
  let macros = 0;
  // What blocks see: the names of the template itself, but none of the loops they stand in.
  const root = inside(undefined, hasSelf ? ["self"] : []);
  walkAll(template, root);
  return found;

  function use(name: string, at: number, known: Known, looped: boolean, guarded: boolean): void {
    const isSet = lookUp(known, name);
    if (isSet === true) return;
    const planned = guarded || isSet === false || GLOBAL_NAMES.has(name);
    found.push({ use: { name, at, looped, guarded: planned }, inMacro: macros > 0 });
  }

  function walkAll(statements: Statement[], known: Known): void {
    for (const statement of statements) walk(statement, known);
  }

  function walkInside(statements: Statement[], known: Known): void {
    walkAll(statements, inside(known));
  }

  function walk(statement: Statement, known: Known): void {
    switch (statement.type) {
      case "text":
        return;
      case "output":
        return read(statement.value, known);
      case "if":
        return walkBranches(statement, known);
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
          inside(
            known,
            statement.assignments.flatMap(({ target }) => targetNames(target)),
          ),
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

  function walkBranches(statement: Extract<Statement, { type: "if" }>, known: Known): void {
    if (!inBlocks) {
      for (const { test, body } of statement.branches) {
        read(test, known);
        walkAll(body, known);
      }
      return walkAll(statement.otherwise, known);
    }
    const ends = statement.branches.map(({ test, body }) => {
      read(test, known);
      const end = inside(known);
      walkAll(body, end);
      return end.names;
    });
    const otherwise = inside(known);
    walkAll(statement.otherwise, otherwise);
    ends.push(otherwise.names);
    const counts = new Map<string, number>();
    for (const end of ends)
      for (const [name, isSet] of end) counts.set(name, (counts.get(name) ?? 0) + Number(isSet));
    for (const [name, count] of counts)
      if (lookUp(known, name) !== true) known.names.set(name, count === ends.length);
  }

  function walkLoop(loop: Extract<Statement, { type: "for" }>, known: Known): void {
    const { items } = loop;
    if (items.type === "name") use(items.name, items.at, known, true, false);
    else readLooped(items, known);
    const inner = inside(known, targetNames(loop.target));
    if (loop.filter !== undefined) read(loop.filter, inner);
    walkAll(loop.body, inside(inner, ["loop"]));
    walkInside(loop.otherwise, known);
  }

  function walkMacro(macro: Extract<Statement, { type: "macro" | "call-block" }>, known: Known): void {
    if (macro.type === "macro") declare([macro.name], known);
    else read(macro.call, known);
    const inner = inside(known);
    macros += 1;
    for (const { name, fallback } of macro.parameters) {
      if (fallback !== undefined) read(fallback, inner);
      declare([name], inner);
    }
    walkAll(macro.body, inner);
    macros -= 1;
  }

  /** What a loop visits; a plain path is remembered as such. */
  function readLooped(items: Expression, known: Known): void {
    const before = found.length;
    read(items, known);
    const path = pathOf(items);
    const use = found[before]?.use;
    if (path !== undefined && use !== undefined) use.loopedPath = path;
  }

  function declare(names: string[], known: Known): void {
    for (const name of names) known.names.set(name, true);
  }

  function readFilters(filters: FilterCall[], known: Known): void {
    for (const filter of filters) for (const { value } of filter.arguments) read(value, known);
  }

  /** `ofField`: a field of it is read, whose path holds its own. */
  function read(expression: Expression, known: Known, ofField = false): void {
    const [first, ...others] = partsOf(expression);
    const path = expression.type === "attribute" && !ofField ? pathOf(expression) : undefined;
    const before = found.length;
    if (expression.type === "name") use(expression.name, expression.at, known, false, false);
    else if (first?.type === "name" && plansForAbsence(expression))
      use(first.name, first.at, known, false, true);
    else if (first !== undefined) read(first, known, expression.type === "attribute");
    const outermost = found[before];
    if (path !== undefined && outermost !== undefined) outermost.use.path = path;
    if (expression.type === "call" || plansForAbsence(expression)) delete outermost?.use.path;
    for (const part of others) read(part, known);
  }
}

function inside(outer: Known | undefined, names: readonly string[] = []): Known {
  return { names: new Map(names.map((name) => [name, true])), outer };
}

function lookUp(known: Known, name: string): boolean | undefined {
  for (let at: Known | undefined = known; at !== undefined; at = at.outer) {
    const isSet = at.names.get(name);
    if (isSet !== undefined) return isSet;
  }
  return undefined;
}

/** `name is defined`, `name | default(...)`. */
function plansForAbsence(expression: Expression): boolean {
  if (expression.type === "filter") return ["default", "d"].includes(expression.filter.name);
  return expression.type === "test" && ["defined", "undefined"].includes(expression.name);
}

/** The fields of a path such as `customer.orders`, without the name it starts from. */
function pathOf(expression: Expression): string[] | undefined {
  const fields: string[] = [];
  let at = expression;
  for (; at.type === "attribute"; at = at.object) fields.push(at.name);
  return at.type === "name" ? fields.reverse() : undefined;
}
