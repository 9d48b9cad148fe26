import type { CallArguments } from "./values/call-arguments.ts";
import type { Signature } from "./arguments.ts";
import type { Budget } from "./limits.ts";

/** What a filter may use beside its arguments. */
export interface FilterContext {
  budget: Budget;
  /** Whether it stands in `{% autoescape true %}`. */
  escaping: boolean;
  /** Applies another filter by its name, as `map("upper")` does. */
  filter(name: string, value: unknown, given: CallArguments): unknown;
  /** Applies a test by its name, as `select("odd")` does. */
  test(name: string, value: unknown, given: CallArguments): boolean;
  /** `value[key]`, as the paths in `attribute="a.b"` are followed. */
  item(value: unknown, key: unknown): unknown;
  /** An attribute as Python's `getattr` finds it: methods, but no keys of a dict. */
  attribute(value: unknown, name: string): unknown;
}

/** A filter with a signature: its arguments arrive in the order of the parameters. */
export interface BoundFilter extends Signature {
  apply(value: unknown, given: readonly unknown[], context: FilterContext): unknown;
}

/** A filter that takes whatever it is given. */
export interface OpenFilter {
  applyAll(value: unknown, given: CallArguments, context: FilterContext): unknown;
}

export type Filter = BoundFilter | OpenFilter;
