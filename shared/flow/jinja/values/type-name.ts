import { Callable } from "./callable.ts";
import { isDict } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { Markup } from "./markup.ts";
import { Namespace } from "./namespace.ts";
import { isFloat, numberOf } from "./number.ts";
import { OnePass } from "./one-pass.ts";
import { Range } from "./range.ts";
import { isTuple } from "./tuple.ts";

/** The name of a value's type as Python calls it, for messages. */
export function typeName(value: unknown): string {
  if (value === undefined) return "undefined";
  if (value === null) return "None";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string" || value instanceof Markup) return "str";
  if (numberOf(value) !== undefined) return isFloat(value) ? "float" : "int";
  if (Array.isArray(value)) return isTuple(value) ? "tuple" : "list";
  if (value instanceof Range) return "range";
  if (value instanceof OnePass) return `${value.type}, which can be visited once (add | list)`;
  if (value instanceof Callable) return "function";
  if (value instanceof Namespace) return "namespace";
  if (value instanceof DictView) return `dict_${value.kind}`;
  return isDict(value) ? "dict" : "object";
}
