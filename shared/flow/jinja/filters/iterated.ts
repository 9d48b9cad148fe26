import type { Budget } from "../limits.ts";
import { TemplateError } from "../template-error.ts";
import { itemsOf } from "../values/items-of.ts";
import { OnePass } from "../values/one-pass.ts";
import { typeName } from "../values/type-name.ts";

/** The items that a filter visits. Throws where there are none to visit. */
export function iterated(value: unknown, filter: string, budget: Budget): unknown[] {
  const items = itemsOf(value, budget);
  if (items === undefined) throw new TemplateError(`${filter} needs a list, not ${typeName(value)}.`);
  return items;
}

/** As above, one by one: what can be visited once is not used up further than it is asked. */
export function* visited(value: unknown, filter: string, budget: Budget): Generator {
  if (!(value instanceof OnePass)) return yield* iterated(value, filter, budget);
  for (let item = value.next(); item !== undefined; item = value.next()) yield item[0];
  return undefined;
}
