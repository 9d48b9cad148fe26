import type { Budget } from "./limits.ts";
import type { ItemSource } from "./loop.ts";
import { itemsOf } from "./values/items-of.ts";
import { OnePass } from "./values/one-pass.ts";

/** The items of a value one by one; undefined where it cannot be looped over. */
export function itemSource(value: unknown, budget: Budget): ItemSource | undefined {
  // What can be visited once is visited as it goes, so that the loop's body can take from it, too.
  if (value instanceof OnePass) return { next: () => value.next(), length: undefined };
  const items = itemsOf(value, budget);
  if (items === undefined) return undefined;
  let at = 0;
  return {
    length: items.length,
    next() {
      at += 1;
      return at > items.length ? undefined : [items[at - 1]];
    },
  };
}

/** Only the items that a condition holds for; it is asked when an item's turn comes. */
export function filteredSource(source: ItemSource, holds: (item: unknown) => boolean): ItemSource {
  return {
    length: undefined,
    next() {
      for (let item = source.next(); item !== undefined; item = source.next()) {
        if (holds(item[0])) return item;
      }
      return undefined;
    },
  };
}
