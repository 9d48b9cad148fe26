import { caseFilters } from "./filters/case-filters.ts";
import { choiceFilters } from "./filters/choice-filters.ts";
import { markupFilters } from "./filters/markup-filters.ts";
import { numberFilters } from "./filters/number-filters.ts";
import { orderFilters } from "./filters/order-filters.ts";
import { prettyPrint } from "./filters/pretty-print.ts";
import { sequenceFilters } from "./filters/sequence-filters.ts";
import { shapeFilters } from "./filters/shape-filters.ts";
import { textValueFilters } from "./filters/text-value-filters.ts";
import { urlize } from "./filters/urlize.ts";
import { valueFilters } from "./filters/value-filters.ts";
import type { Filter } from "./filter.ts";
import { TemplateError } from "./template-error.ts";

/** Jinja2's filters but `random`. */
const FILTERS: ReadonlyMap<string, Filter> = new Map(
  Object.entries({
    ...caseFilters,
    ...choiceFilters,
    ...markupFilters,
    ...numberFilters,
    ...orderFilters,
    ...sequenceFilters,
    ...shapeFilters,
    ...textValueFilters,
    ...valueFilters,
    pprint: prettyPrint,
    urlize,
  }),
);

/** The filter of a name. Throws `TemplateError` with the known names. */
export function filterNamed(name: string, at?: number): Filter {
  const filter = FILTERS.get(name);
  if (filter !== undefined) return filter;
  if (name === "random") {
    throw new TemplateError(
      "The filter random is not supported: a prompt is rendered the same each time it is. Use first, or an input.",
      at,
    );
  }
  throw new TemplateError(`Unknown filter ${name}. Known: ${[...FILTERS.keys()].sort().join(", ")}.`, at);
}

export function isFilter(name: string): boolean {
  return FILTERS.has(name) || name === "random";
}
