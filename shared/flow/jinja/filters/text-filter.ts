import type { BoundFilter } from "../filter.ts";
import type { Budget } from "../limits.ts";
import { Markup } from "../values/markup.ts";
import { textOf } from "../values/repr.ts";

/** A filter of a text: what is not text is taken as `str()` gives it, and escaped text stays escaped. */
export function textFilter(
  parameters: readonly string[],
  change: (text: string, given: readonly unknown[], budget: Budget) => string,
): BoundFilter {
  return {
    parameters,
    apply(value, given, { budget }) {
      const changed = change(textOf(value, budget), given, budget);
      return value instanceof Markup ? new Markup(changed) : changed;
    },
  };
}
