import type { Signature } from "../arguments.ts";
import type { Budget } from "../limits.ts";

/** A method of a value, its arguments in the order of its parameters. */
export interface Method<T> extends Signature {
  call(self: T, given: readonly unknown[], budget: Budget): unknown;
}

export type Methods<T> = Readonly<Record<string, Method<T>>>;
