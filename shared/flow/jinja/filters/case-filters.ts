import type { Filter } from "../filter.ts";
import { capitalize, titleWords } from "../text/case.ts";
import { textOf } from "../values/repr.ts";
import { textFilter } from "./text-filter.ts";

/** Other letters. */
export const caseFilters: Record<string, Filter> = {
  upper: textFilter([], (text) => text.toUpperCase()),
  lower: textFilter([], (text) => text.toLowerCase()),
  capitalize: textFilter([], capitalize),
  title: {
    parameters: [],
    apply: (value, _given, { budget }) => titleWords(textOf(value, budget)),
  },
};
