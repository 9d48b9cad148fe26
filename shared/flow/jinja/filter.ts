import type { CallArguments } from "./arguments.ts";
import type { Budget } from "./limits.ts";

/** What a filter may use beside its arguments. */
export interface FilterContext {
  budget: Budget;
  /** Applies another filter by its name, as `map("upper")` does. */
  filter(name: string, value: unknown, given: CallArguments): unknown;
  /** Applies a test by its name, as `select("odd")` does. */
  test(name: string, value: unknown, given: CallArguments): boolean;
  /** An attribute as the template's dot sees it. */
  attribute(value: unknown, name: string): unknown;
}

export type Filter = (value: unknown, given: CallArguments, context: FilterContext) => unknown;
