import type { CallArguments } from "../values/call-arguments.ts";
import { bindArguments } from "../arguments.ts";
import { formatBraces } from "../format/braces.ts";
import type { Budget } from "../limits.ts";
import { TemplateError } from "../template-error.ts";
import { stripTags } from "../text/strip-tags.ts";
import { unescapeEntities } from "../text/entities.ts";
import { Callable } from "../values/callable.ts";
import { type Dict, isDict, valueIn } from "../values/dict.ts";
import { Markup, stringOf } from "../values/markup.ts";
import { Float, intOf, isFloat } from "../values/number.ts";
import { isTuple, tuple } from "../values/tuple.ts";
import { Range } from "../values/range.ts";
import { dictMethods } from "./dict-methods.ts";
import { listMethods, tupleMethods } from "./list-methods.ts";
import type { Method, Methods } from "./method.ts";
import { floatMethods, intMethods } from "./number-methods.ts";
import { textCaseMethods } from "./text-case.ts";
import { textSearchMethods } from "./text-search.ts";
import { escapeGiven, textShapeMethods } from "./text-shape.ts";
import { textSplitMethods } from "./text-split.ts";

/** What methods may use of the template's own grammar. */
export interface MethodContext {
  budget: Budget;
  attribute(value: unknown, name: string): unknown;
  item(value: unknown, key: unknown): unknown;
}

const textMethods: Methods<string> = {
  ...textCaseMethods,
  ...textSearchMethods,
  ...textShapeMethods,
  ...textSplitMethods,
};

const markupMethods: Methods<string> = {
  ...textMethods,
  striptags: { parameters: [], call: stripTags },
  unescape: { parameters: [], call: unescapeEntities },
};

/** Methods that would change a value in place: inputs are shared between answers, so nothing may. */
const CHANGING = new Set(
  "append extend insert pop remove clear update setdefault sort popitem reverse".split(" "),
);

/** A method of a value, or undefined where it has none of that name. */
export function methodOf(self: unknown, name: string, context: MethodContext): Callable | undefined {
  if (typeof self === "string")
    return formatOf(self, name, context) ?? bound(textMethods, self, name, context);
  if (self instanceof Markup) return formatOf(self, name, context) ?? boundMarkup(self, name, context);
  if (isFloat(self)) return bound(floatMethods, self as number | Float, name, context);
  const int = intOf(self);
  if (int !== undefined) return bound(intMethods, int, name, context);
  if (self instanceof Range) {
    return Object.hasOwn(tupleMethods, name) ? bound(tupleMethods, self.items(), name, context) : undefined;
  }
  if (isTuple(self)) return bound(tupleMethods, self, name, context);
  if (!Array.isArray(self) && !isDict(self)) return undefined;
  return Array.isArray(self)
    ? bound(listMethods, self as unknown[], name, context)
    : bound(dictMethods, self, name, context);
}

function methodNamed<T>(methods: Methods<T>, name: string): Method<T> | undefined {
  return Object.hasOwn(methods, name) ? methods[name] : undefined;
}

function bound<T>(methods: Methods<T>, self: T, name: string, context: MethodContext): Callable | undefined {
  const method = methodNamed(methods, name);
  if (method === undefined) return undefined;
  return new Callable(name, (given) => {
    payFor(self, given, context.budget);
    return method.call(self, bindArguments(name, method, given), context.budget);
  });
}

/** Escaped text stays escaped: its methods escape what is put into it and return escaped text. */
function boundMarkup(self: Markup, name: string, context: MethodContext): Callable | undefined {
  const method = methodNamed(markupMethods, name);
  if (method === undefined) return undefined;
  const escapes = ["replace", "ljust", "rjust", "center", "join"].includes(name);
  return new Callable(name, (given) => {
    payFor(self, given, context.budget);
    const values = bindArguments(name, method, given).map((value, index, all) => {
      if (!escapes || (index === 0 && all.length > 1)) return value;
      return Array.isArray(value) ? value.map(escapeGiven) : escapeGiven(value);
    });
    const result = method.call(self.text, values, context.budget);
    return name === "unescape" || name === "striptags" ? result : markedUp(result);
  });
}

function markedUp(result: unknown): unknown {
  if (typeof result === "string") return new Markup(result);
  if (!Array.isArray(result)) return result;
  const parts = result.map(markedUp);
  return isTuple(result) ? tuple(parts) : parts;
}

/** `format` and `format_map` take whatever they are given, and follow dots and brackets as the template does. */
function formatOf(self: string | Markup, name: string, context: MethodContext): Callable | undefined {
  if (name !== "format" && name !== "format_map") return undefined;
  const template = stringOf(self) ?? "";
  const isMarkup = self instanceof Markup;
  return new Callable(name, ({ values, named }) => {
    const map = name === "format_map" ? mapGiven(values) : undefined;
    const given = {
      values: map === undefined ? values : [],
      named: (key: string): [unknown] | undefined => {
        if (map !== undefined) return valueIn(map, key);
        return named.has(key) ? [named.get(key)] : undefined;
      },
      attribute: (value: unknown, key: string) => context.attribute(value, key),
      item: (value: unknown, key: string | number) => context.item(value, key),
    };
    const text = formatBraces(template, given, isMarkup, context.budget);
    return isMarkup ? new Markup(text) : text;
  });
}

function mapGiven(values: unknown[]): Dict | Record<string, unknown> {
  const [map] = values;
  if (values.length !== 1 || !isDict(map)) throw new TemplateError("format_map takes one dict.");
  return map;
}

/** Refuses a method that would change a list or a dict; undefined for what is no such method. */
export function changingMethod(self: unknown, name: string): Callable | undefined {
  if (!CHANGING.has(name) || isTuple(self) || !(Array.isArray(self) || isDict(self))) return undefined;
  return new Callable(name, () => {
    throw new TemplateError(`${name}() would change a value in place: build a new one with {% set %}.`);
  });
}

/** A method passes over its text, and over the texts it is given. */
function payFor(self: unknown, given: CallArguments, budget: Budget): void {
  for (const value of [self, ...given.values]) {
    const size = stringOf(value)?.length ?? (Array.isArray(value) ? value.length : 0);
    budget.pass(16 * size);
  }
}
