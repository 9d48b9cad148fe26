import type { Filter } from "./filter.ts";
import { listFilters } from "./list-filters.ts";
import { numberFilters } from "./number-filters.ts";
import { textFilters } from "./text-filters.ts";

/** Jinja2's filters, without those that are random, that make markup, or that print for debugging. */
export const FILTERS: ReadonlyMap<string, Filter> = new Map(
  Object.entries({ ...textFilters, ...listFilters, ...numberFilters }),
);
