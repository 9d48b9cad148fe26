import { namesIn } from "./parts-of.ts";
import type { Statement, Target } from "./syntax-tree.ts";
import { targetNames } from "./target-names.ts";

export type HiddenNames = ReadonlyMap<Statement[], readonly string[]>;

/** A template is rendered for many rows and looked through once. */
const ANALYSED = new WeakMap<Statement[], HiddenNames>();

/**
 * Jinja2 decides for each body, before it runs, where a name comes from. A name that a body sets before it reads it
 * is the body's own from its start: the loops and macros in it that come before the `set` find it undefined, although
 * an input of that name exists. This finds those names, by the body they belong to.
 */
export function hiddenNames(template: Statement[]): HiddenNames {
  const known = ANALYSED.get(template);
  if (known !== undefined) return known;
  const hidden = new Map<Statement[], readonly string[]>();
  analyse(template, [], new Set());
  ANALYSED.set(template, hidden);
  return hidden;

  /** `given`: what is defined when the body starts. `outer`: what the bodies around it read or set. */
  function analyse(body: Statement[], given: string[], outer: ReadonlySet<string>): void {
    const frame: Frame = { read: new Set(given), own: new Set() };
    for (const statement of body) visit(statement, frame);
    const names = [...frame.own].filter((name) => !outer.has(name));
    if (names.length > 0) hidden.set(body, names);
    const known = new Set([...outer, ...frame.read, ...frame.own]);
    for (const statement of body) descend(statement, known);
  }

  function descend(statement: Statement, known: ReadonlySet<string>): void {
    switch (statement.type) {
      case "if":
        for (const { body } of statement.branches) for (const inner of body) descend(inner, known);
        for (const inner of statement.otherwise) descend(inner, known);
        return;
      case "for":
        analyse(statement.body, [...targetNames(statement.target), "loop"], known);
        return analyse(statement.otherwise, [], known);
      case "with":
        return analyse(
          statement.body,
          statement.assignments.flatMap(({ target }) => targetNames(target)),
          known,
        );
      case "macro":
      case "call-block":
        return analyse(
          statement.body,
          [...statement.parameters.map(({ name }) => name), "caller", "varargs", "kwargs"],
          known,
        );
      case "set-block":
      case "filter-block":
      case "autoescape":
        return analyse(statement.body, [], known);
      default:
    }
  }
}

interface Frame {
  /** Read before it is set, or set in some of the branches of an `if`. */
  read: Set<string>;
  /** Set before it is read. */
  own: Set<string>;
}

function visit(statement: Statement, frame: Frame): void {
  const read = (names: string[]): void => {
    for (const name of names) if (!frame.own.has(name)) frame.read.add(name);
  };
  const set = (target: Target): void => {
    for (const name of targetNames(target)) if (!frame.read.has(name)) frame.own.add(name);
    read(namespacesIn(target));
  };
  switch (statement.type) {
    case "output":
      return read(namesIn(statement.value));
    case "if":
      return visitIf(statement, frame);
    case "for":
      return read(namesIn(statement.items));
    case "set":
      read(namesIn(statement.value));
      return set(statement.target);
    case "set-block":
      return set(statement.target);
    case "with":
      return read(statement.assignments.flatMap(({ value }) => namesIn(value)));
    case "macro":
      return set({ type: "name", name: statement.name, at: statement.at });
    case "call-block":
      return read(namesIn(statement.call));
    case "filter-block":
      return read(
        statement.filters.flatMap((filter) => filter.arguments.flatMap(({ value }) => namesIn(value))),
      );
    default:
  }
}

/** A name is the body's own only where the first branch, one of the `elif`s and `else` all set it. */
function visitIf(statement: Extract<Statement, { type: "if" }>, frame: Frame): void {
  const [first, ...others] = statement.branches;
  const branches = [
    first === undefined ? [] : first.body,
    others.flatMap(({ body }) => body),
    statement.otherwise,
  ];
  const copies = branches.map((body, index) => {
    const copy: Frame = { read: new Set(frame.read), own: new Set(frame.own) };
    const tests = index === 0 ? [first] : index === 1 ? others : [];
    const names = tests.flatMap((branch) => (branch === undefined ? [] : namesIn(branch.test)));
    for (const name of names) if (!copy.own.has(name)) copy.read.add(name);
    for (const inner of body) visit(inner, copy);
    return copy;
  });
  for (const { own } of copies) {
    for (const name of own) {
      if (copies.every((copy) => copy.own.has(name))) frame.own.add(name);
      else frame.read.add(name);
    }
  }
  for (const { read } of copies) for (const name of read) if (!frame.own.has(name)) frame.read.add(name);
}

function namespacesIn(target: Target): string[] {
  if (target.type === "names") return target.targets.flatMap(namespacesIn);
  return target.type === "namespace" ? [target.name] : [];
}
