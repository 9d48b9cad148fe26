import type { CallArguments } from "./values/call-arguments.ts";
import { bindArguments, wholeNumber } from "./arguments.ts";
import type { Budget } from "./limits.ts";
import { TemplateError } from "./template-error.ts";
import { Callable, TemplateObject } from "./values/callable.ts";
import { Dict, entriesOf, isDict } from "./values/dict.ts";
import { itemsOf } from "./values/items-of.ts";
import { Namespace } from "./values/namespace.ts";
import { Range } from "./values/range.ts";
import { textOf } from "./values/repr.ts";
import { typeName } from "./values/type-name.ts";

const FUNCTIONS = new Map<string, (budget: Budget) => Callable>([
  ["range", (budget) => new Callable("range", (given) => range(given, budget))],
  [
    "dict",
    (budget) =>
      new Callable("dict", (given) => dictOf("dict", given, budget), { text: () => "<class 'dict'>" }),
  ],
  [
    "namespace",
    (budget) =>
      new Callable("namespace", (given) => namespaceOf(given, budget), {
        text: () => "<class 'jinja2.utils.Namespace'>",
      }),
  ],
  [
    "cycler",
    () =>
      new Callable("cycler", ({ values, named }) => {
        if (values.length === 0 || named.size > 0)
          throw new TemplateError("cycler needs the items to cycle through.");
        return cycler(values);
      }),
  ],
  [
    "joiner",
    () =>
      new Callable("joiner", (given) => joiner(bindArguments("joiner", { parameters: ["sep"] }, given)), {
        text: () => "<class 'jinja2.utils.Joiner'>",
      }),
  ],
  [
    "lipsum",
    () =>
      new Callable("lipsum", () => {
        throw new TemplateError("lipsum is not supported: a prompt is rendered the same each time it is.");
      }),
  ],
]);

export const GLOBAL_NAMES: ReadonlySet<string> = new Set(FUNCTIONS.keys());

/** The function of a name that every template has. */
export function globalFunction(name: string, budget: Budget): Callable | undefined {
  return FUNCTIONS.get(name)?.(budget);
}

function range({ values, named }: CallArguments, budget: Budget): Range {
  if (values.length === 0 || values.length > 3 || named.size > 0) {
    throw new TemplateError("range takes a stop, or a start, a stop and a step.");
  }
  const [first = 0, second, step = 1] = values.map((value) => wholeNumber(value, "range's argument"));
  if (step === 0) throw new TemplateError("range's step must not be 0.");
  const made = second === undefined ? new Range(0, first, 1) : new Range(first, second, step);
  budget.items(made.length);
  return made;
}

/** Python's `dict(pairs, name=value)`. */
function dictOf(name: string, { values, named }: CallArguments, budget: Budget): Dict {
  const [source] = values;
  if (values.length > 1) throw new TemplateError(`${name} takes at most one dict.`);
  if (values.length === 0) return Dict.of(named);
  if (isDict(source)) return Dict.of([...entriesOf(source), ...named]);
  const pairs = itemsOf(source, budget)?.map((pair) => itemsOf(pair, budget));
  if (pairs?.every((pair) => pair?.length === 2) !== true) {
    throw new TemplateError(`${name} needs a dict or pairs, not ${typeName(source)}.`);
  }
  return Dict.of([...pairs.map((pair) => [pair?.[0], pair?.[1]] as const), ...named]);
}

function namespaceOf(given: CallArguments, budget: Budget): Namespace {
  const made = new Namespace();
  for (const [key, value] of dictOf("namespace", given, budget).entries()) {
    made.attributes.set(textOf(key, budget), value);
  }
  return made;
}

/** `cycler("odd", "even")`: `next()` gives the items in turn. */
function cycler(items: unknown[]): TemplateObject {
  let position = 0;
  const next = new Callable("next", () => {
    const item = items[position];
    position = (position + 1) % items.length;
    return item;
  });
  const reset = new Callable("reset", () => {
    position = 0;
    return null;
  });
  return new TemplateObject("cycler", {
    field: (name) =>
      new Map<string, unknown>(Object.entries({ next, reset, pos: position, current: items[position] })).get(
        name,
      ),
  });
}

/** Gives nothing when it is first called, and the separator after that. */
function joiner([separator = ", "]: unknown[]): Callable {
  let used = false;
  return new Callable(
    "joiner",
    () => {
      if (used) return separator;
      used = true;
      return "";
    },
    { field: (name) => new Map<string, unknown>(Object.entries({ sep: separator, used })).get(name) },
  );
}
