import type { CallArguments } from "./values/call-arguments.ts";
import type { Budget } from "./limits.ts";
import { TemplateError } from "./template-error.ts";
import { Callable } from "./values/callable.ts";
import { isEqual } from "./values/equality.ts";
import { tuple } from "./values/tuple.ts";

type Item = [item: unknown] | undefined;

/** Where a loop's items come from: one at a time, as a filter on the loop may depend on the rounds before. */
export interface ItemSource {
  next(): Item;
  /** How many there are, where that is known without visiting them. */
  length: number | undefined;
}

/** One loop as its template sees it. `advance` starts the next round; its result is undefined where none is left. */
export interface Loop {
  advance(): Item;
  variable: Callable;
}

interface LoopOptions {
  /** How many recursive loops deep it is, from 0. */
  depth: number;
  /** What `loop(items)` does, where the loop is recursive. */
  recurse: { call: Callable["call"]; render: Callable["render"] } | undefined;
}

/** `loop`: its fields are computed when asked for, as most rounds ask for none. */
export function createLoop(source: ItemSource, options: LoopOptions, budget: Budget): Loop {
  let index = -1;
  let current: Item;
  let previous: Item;
  /** Items that were looked at ahead of their round. */
  let ahead: [item: unknown][] = [];
  let changedValues: unknown[] | undefined;

  const pull = (): Item => ahead.shift() ?? source.next();
  const peek = (): Item => {
    const [first = source.next()] = ahead;
    ahead = first === undefined ? [] : [first, ...ahead.slice(1)];
    return first;
  };
  const length = (): number => {
    if (source.length !== undefined) return source.length;
    for (let item = source.next(); item !== undefined; item = source.next()) ahead.push(item);
    return index + 1 + ahead.length;
  };
  const cycle = new Callable("cycle", ({ values }) => {
    if (values.length === 0) throw new TemplateError("loop.cycle needs the items to cycle through.");
    return values[index % values.length];
  });
  const changed = new Callable("changed", ({ values }) => {
    const seen = tuple([...values]);
    const same = changedValues !== undefined && isEqual(changedValues, seen, budget);
    changedValues = seen;
    return !same;
  });
  const fields = new Map<string, () => unknown>([
    ["index", () => index + 1],
    ["index0", () => index],
    ["revindex", () => length() - index],
    ["revindex0", () => length() - index - 1],
    ["first", () => index === 0],
    ["last", () => peek() === undefined],
    ["length", length],
    ["previtem", () => previous?.[0]],
    ["nextitem", () => peek()?.[0]],
    ["depth", () => options.depth + 1],
    ["depth0", () => options.depth],
    ["cycle", () => cycle],
    ["changed", () => changed],
  ]);
  const variable = new Callable(
    "loop",
    (given: CallArguments, escaping) => {
      if (options.recurse === undefined) {
        throw new TemplateError("loop(...) needs a loop that is recursive: {% for ... in ... recursive %}.");
      }
      return options.recurse.call(given, escaping);
    },
    {
      field: (name) => fields.get(name)?.(),
      text: () => `<LoopContext ${index + 1}/${length()}>`,
      render: options.recurse?.render,
    },
  );
  return {
    variable,
    advance() {
      previous = current;
      current = pull();
      if (current !== undefined) index += 1;
      return current;
    },
  };
}
