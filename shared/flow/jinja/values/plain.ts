import type { Budget } from "../limits.ts";
import { TemplateError } from "../template-error.ts";
import { TemplateObject } from "./callable.ts";
import { Dict, entriesOf, isDict } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { Markup } from "./markup.ts";
import { Namespace } from "./namespace.ts";
import { Float } from "./number.ts";
import { OnePass } from "./one-pass.ts";
import { Range } from "./range.ts";
import { textOf } from "./repr.ts";
import { typeName } from "./type-name.ts";

/**
 * A template's value as JSON has it, for what goes on computing with it outside; what came from outside stays the
 * object it was. Throws for functions.
 */
export function plainOf(value: unknown, budget: Budget): unknown {
  budget.spend(1 / 4);
  if (value instanceof Float) return value.value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Markup) return value.text;
  if (value instanceof OnePass) return value.rest().map((item) => plainOf(item, budget));
  if (value instanceof Range || value instanceof DictView) {
    return value.items().map((item) => plainOf(item, budget));
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => plainOf(item, budget));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (isDict(value)) {
    const entries = entriesOf(value).map(([key, entry]) => [key, entry, plainOf(entry, budget)] as const);
    if (!(value instanceof Dict) && entries.every(([, entry, plain]) => entry === plain)) return value;
    return Object.fromEntries(entries.map(([key, , plain]) => [textOf(key, budget), plain]));
  }
  if (value instanceof TemplateObject || value instanceof Namespace) {
    throw new TemplateError(`A ${typeName(value)} cannot leave the template.`);
  }
  return value;
}
