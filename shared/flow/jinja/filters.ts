import type { Filter } from "./filter.ts";
import { listFilters } from "./list-filters.ts";
import { numberFilters } from "./number-filters.ts";
import { TemplateError } from "./template-error.ts";
import { textFilters } from "./text-filters.ts";

/** Jinja2's filters, without those that are random, that make markup, or that print for debugging. */
const FILTERS: ReadonlyMap<string, Filter> = new Map(
  Object.entries({ ...textFilters, ...listFilters, ...numberFilters }),
);

/** The filter of a name. Throws `TemplateError` with the known names. */
export function filterNamed(name: string, at?: number): Filter {
  const filter = FILTERS.get(name);
  if (filter !== undefined) return filter;
  throw new TemplateError(`Unknown filter ${name}. Known: ${[...FILTERS.keys()].sort().join(", ")}.`, at);
}
