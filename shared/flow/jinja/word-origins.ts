import type { Expression, FilterCall } from "./syntax-tree.ts";

/** What a value can be made of, as far as a template can make messages of it. Undefined: of anything. */
export type Origin =
  /** The template's own words and the role fields of these inputs' items. */
  | { kind: "words"; inputs: readonly string[] }
  /** The list that these inputs are, or a part of it; one of its items. */
  | { kind: "list" | "item"; inputs: readonly string[] }
  /** Another field of an item. */
  | { kind: "field"; inputs: readonly string[]; path: readonly string[] }
  /** `loop`, of a loop over such items. */
  | { kind: "loop"; item: Origin | undefined };

/** The names of a scope and of those around it. */
export interface Names {
  known: Map<string, Origin | undefined>;
  parent: Names | undefined;
}

const WRITTEN: Origin = { kind: "words", inputs: [] };
/** Filters that leave a list's items as they are. */
const SELECTING = new Set([
  "list",
  "reverse",
  "sort",
  "select",
  "reject",
  "selectattr",
  "rejectattr",
  "unique",
]);
const PICKING = new Set(["first", "last", "random"]);
/** Of more inputs, or of deeper fields, nothing is known: so following them costs little. */
const MOST_INPUTS = 20;
const DEEPEST_FIELD = 5;
const COMBINING = new Set(["and", "or", "+"]);
/** Methods that would put something into a list or a dict that other names know as well. */
const CHANGING = new Set(["append", "extend", "insert", "add", "update", "setdefault"]);

/** What `originOf` tells of beside the origin. */
export interface OriginWatch {
  /** A field of an input's items is read. */
  read(inputs: readonly string[], path: readonly string[]): void;
  /** A list or a dict may get values from elsewhere: from here on, origins say nothing. */
  changed(): void;
}

export function originOfName(name: string, names: Names): Origin | undefined {
  for (let at: Names | undefined = names; at !== undefined; at = at.parent) {
    if (at.known.has(name)) return at.known.get(name);
  }
  return { kind: "list", inputs: [name] };
}

/** What can be either of both. */
export function either(left: Origin | undefined, right: Origin | undefined): Origin | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (left.kind === "loop" || left.kind === "field" || right.kind === "loop" || right.kind === "field")
    return undefined;
  const inputs = [...new Set([...left.inputs, ...right.inputs])];
  if (inputs.length > MOST_INPUTS) return undefined;
  if (left.kind === right.kind || right.kind === "words") return { kind: left.kind, inputs };
  return left.kind === "words" ? { kind: right.kind, inputs } : undefined;
}

/** What a loop over a value visits. */
export function itemOf(list: Origin | undefined): Origin | undefined {
  if (list?.kind === "words") return list;
  return list?.kind === "list" ? { kind: "item", inputs: list.inputs } : undefined;
}

/**
 * What an expression's value is made of. What only chooses between values, as a condition or an index does, is not
 * part of them.
 */
export function originOf(expression: Expression, names: Names, watch: OriginWatch): Origin | undefined {
  const of = (part: Expression): Origin | undefined => originOf(part, names, watch);
  const all = (parts: readonly Expression[]): Origin | undefined => parts.map(of).reduce(either, WRITTEN);

  const fieldOf = (object: Origin | undefined, name: string): Origin | undefined => {
    if (object?.kind === "words") return object;
    if (object?.kind === "loop") return ["previtem", "nextitem"].includes(name) ? object.item : undefined;
    if (object?.kind !== "item" && object?.kind !== "field") return undefined;
    const path = [...(object.kind === "field" ? object.path : []), name];
    if (path.length > DEEPEST_FIELD) return undefined;
    watch.read(object.inputs, path);
    const isRole = object.kind === "item" && name === "role";
    return isRole ? { kind: "words", inputs: object.inputs } : { kind: "field", inputs: object.inputs, path };
  };

  const filtered = (
    input: Origin | undefined,
    { name, arguments: given }: FilterCall,
  ): Origin | undefined => {
    const added = all(given.map(({ value }) => value));
    if (input?.kind === "words" || name === "default" || name === "d") return either(input, added);
    if (input?.kind !== "list") return undefined;
    return SELECTING.has(name) ? input : PICKING.has(name) ? itemOf(input) : undefined;
  };

  const called = ({
    callee,
    arguments: given,
  }: Extract<Expression, { type: "call" }>): Origin | undefined => {
    const values = given.map(({ value }) => value);
    if (callee.type !== "attribute") {
      all([callee, ...values]);
      return undefined;
    }
    const object = of(callee.object);
    if (CHANGING.has(callee.name)) {
      const added = all(values);
      if (added?.kind !== "words" || added.inputs.length > 0) watch.changed();
      return undefined;
    }
    const [key, ...others] = values;
    const isGet = callee.name === "get";
    if (object?.kind === "loop") return callee.name === "cycle" ? all(values) : undefined;
    if (object?.kind === "words") return either(object, all(isGet ? others : values));
    const keyed = isGet && key?.type === "literal" ? fieldOf(object, String(key.value)) : undefined;
    return either(keyed, all(isGet ? others : values));
  };

  switch (expression.type) {
    case "literal":
      return WRITTEN;
    case "name":
      return originOfName(expression.name, names);
    case "attribute":
      return fieldOf(of(expression.object), expression.name);
    case "item": {
      const { index } = expression;
      const object = of(expression.object);
      if (index.type === "literal" && typeof index.value === "string") return fieldOf(object, index.value);
      of(index);
      return itemOf(object);
    }
    case "slice": {
      all([expression.start, expression.stop, expression.step].filter((part) => part !== undefined));
      const object = of(expression.object);
      return object?.kind === "words" || object?.kind === "list" ? object : undefined;
    }
    case "filter":
      return filtered(of(expression.input), expression.filter);
    case "call":
      return called(expression);
    case "conditional":
      of(expression.test);
      return all([expression.value, ...(expression.otherwise === undefined ? [] : [expression.otherwise])]);
    case "binary": {
      const both = either(of(expression.left), of(expression.right));
      return both?.kind === "words" || COMBINING.has(expression.operator) ? both : undefined;
    }
    case "list":
    case "tuple": {
      const items = all(expression.items);
      return items?.kind === "item" ? { kind: "list", inputs: items.inputs } : wordsOnly(items);
    }
    case "dict":
      return wordsOnly(all(expression.entries.flatMap(({ key, value }) => [key, value])));
    case "unary":
      of(expression.operand);
      return undefined;
    case "test":
      all([expression.input, ...expression.arguments.map(({ value }) => value)]);
      return undefined;
    default:
      all([expression.first, ...expression.rest.map(({ operand }) => operand)]);
      return undefined;
  }
}

function wordsOnly(origin: Origin | undefined): Origin | undefined {
  return origin?.kind === "words" ? origin : undefined;
}
