import { standsAsMarker, type MarkerUse, type RoleUses } from "../role-uses.ts";
import { roleOwner } from "./role-owner.ts";
import type { Expression, Statement, Target } from "./syntax-tree.ts";
import { either, itemOf, originOf, originOfName, type Names, type Origin } from "./word-origins.ts";

const LITERAL_MARKER =
  /^[ \t]*#?[ \t]*(?:system|user|assistant|developer|function|tool)[ \t]*(?:\[[^\]\n]{0,500}\][ \t]*)?:[ \t]*$/im;

/** What is known of a template's roles before it is rendered. */
export interface RoleTrace extends RoleUses {
  /** Of each output whose value's origin is known. */
  origins: ReadonlyMap<Statement, Origin>;
}

/** Follows the roles of histories, and the words of the author, through a template's names to where they are printed. */
export function traceRoles(source: string, template: Statement[]): RoleTrace {
  const origins = new Map<Statement, Origin>();
  const markers: MarkerUse[] = [];
  const lost: number[] = [];
  const placed = new Set<string>();
  const fields = new Map<string, Set<string>>();
  let changed = false;
  const root: Names = { known: new Map(), parent: undefined };

  const of = (expression: Expression, names: Names): Origin | undefined =>
    originOf(expression, names, {
      read(inputs, path) {
        for (const input of inputs) {
          const known = fields.get(input) ?? new Set<string>();
          fields.set(input, known.add(path.join(".")));
        }
      },
      changed: () => (changed = true),
    });

  /** `block`: what is printed becomes a value before it is printed again. */
  function walkAll(statements: Statement[], names: Names, block: boolean): void {
    for (const statement of statements) walk(statement, names, block);
  }

  function walk(statement: Statement, names: Names, block: boolean): void {
    switch (statement.type) {
      case "text": {
        const marker = block ? LITERAL_MARKER.exec(statement.text) : null;
        if (marker !== null) lost.push(statement.at + marker.index);
        return;
      }
      case "output": {
        const origin = of(statement.value, names);
        const words = origin?.kind === "words";
        if (origin !== undefined && !block) origins.set(statement, origin);
        if (!block && (origin?.kind === "list" || origin?.kind === "item"))
          for (const input of origin.inputs) placed.add(input);
        if (!standsAsMarker(source, statement.at)) return;
        const named = lastName(statement.value) === "role";
        if (block) {
          if (words || named) lost.push(statement.at);
          return;
        }
        const printed = printedPath(statement.value, origin, names);
        const tied = words && roleOwner(statement.value) !== undefined;
        markers.push({ at: statement.at, inputs: words ? origin.inputs : undefined, tied, printed, named });
        return;
      }
      case "if": {
        const layers = statement.branches.map(({ test, body }) => {
          of(test, names);
          return walkLayer(body, names, block);
        });
        return merge(names, [...layers, walkLayer(statement.otherwise, names, block)]);
      }
      case "for": {
        const items = of(statement.items, names);
        // A recursive loop visits other lists as well.
        const item = statement.recursive ? undefined : itemOf(items);
        const inner = scopeIn(names);
        inner.known.set("loop", { kind: "loop", item });
        assign(statement.target, item, inner);
        if (statement.filter !== undefined) of(statement.filter, inner);
        walkAll(statement.body, inner, block);
        return walkAll(statement.otherwise, names, block);
      }
      case "set":
        return assign(statement.target, of(statement.value, names), names);
      case "set-block":
        walkAll(statement.body, scopeIn(names), true);
        return assign(statement.target, undefined, names);
      case "with": {
        const inner = scopeIn(names);
        for (const { target, value } of statement.assignments) assign(target, of(value, names), inner);
        return walkAll(statement.body, inner, block);
      }
      case "filter-block":
        return walkAll(statement.body, scopeIn(names), true);
      case "block":
        return walkAll(statement.body, scopeIn(statement.scoped ? names : root), block);
      case "autoescape":
        of(statement.value, names);
        return walkAll(statement.body, scopeIn(names), block);
      default: {
        if (statement.type === "macro") names.known.set(statement.name, undefined);
        else of(statement.call, names);
        const inner = scopeIn(names);
        for (const { name } of statement.parameters) inner.known.set(name, undefined);
        return walkAll(statement.body, inner, true);
      }
    }
  }

  function walkLayer(body: Statement[], names: Names, block: boolean): Names {
    const layer = scopeIn(names);
    walkAll(body, layer, block);
    return layer;
  }

  walkAll(template, root, false);
  if (!changed) return { origins, markers, lost, placed, fields };
  return {
    origins: new Map(),
    markers: markers.map((use) => ({ ...use, inputs: undefined })),
    lost,
    placed: new Set(),
    fields,
  };
}

function scopeIn(parent: Names): Names {
  return { known: new Map(), parent };
}

/** A name that not every branch sets, or not alike, is what it can be after any of them. */
function merge(names: Names, layers: readonly Names[]): void {
  const found = new Map<string, { count: number; origin: Origin | undefined }>();
  for (const { known } of layers) {
    for (const [name, origin] of known) {
      const other = found.get(name);
      const both = other === undefined ? origin : either(other.origin, origin);
      found.set(name, { count: (other?.count ?? 0) + 1, origin: both });
    }
  }
  for (const [name, { count, origin }] of found) {
    names.known.set(name, count === layers.length ? origin : either(origin, originOfName(name, names)));
  }
}

function assign(target: Target, origin: Origin | undefined, names: Names): void {
  if (target.type === "name") names.known.set(target.name, origin);
  // An item taken apart gives its field names.
  const part = origin?.kind === "words" ? origin : undefined;
  if (target.type === "names") for (const inner of target.targets) assign(inner, part, names);
}

/** What it is called that an expression prints. */
function lastName(expression: Expression): string | undefined {
  if (expression.type === "filter") return lastName(expression.input);
  return expression.type === "name" || expression.type === "attribute" ? expression.name : undefined;
}

function printedPath(expression: Expression, origin: Origin | undefined, names: Names): MarkerUse["printed"] {
  if (origin?.kind === "field") return { input: origin.inputs[0] ?? "", path: origin.path, ofItems: true };
  const [input, ...path] = pathOf(expression) ?? [];
  return input === undefined ? undefined : { input, path, ofItems: false };

  function pathOf(part: Expression): string[] | undefined {
    if (part.type === "filter") return pathOf(part.input);
    if (part.type === "attribute") {
      const object = pathOf(part.object);
      return object === undefined ? undefined : [...object, part.name];
    }
    if (part.type !== "name") return undefined;
    const own = originOfName(part.name, names);
    return own?.kind === "list" ? own.inputs.slice(0, 1) : undefined;
  }
}
