import { TemplateError } from "./template-error.ts";
import { numberOf, textOf, typeName } from "./values.ts";

/** The evaluated arguments of a call, taken by position or by name. */
export interface CallArguments {
  values: unknown[];
  named: ReadonlyMap<string, unknown>;
}

/** The argument at a position or of a name; undefined where it was not given. */
export function argument(given: CallArguments, index: number, name: string): unknown {
  return index < given.values.length ? given.values[index] : given.named.get(name);
}

export function textArgument(given: CallArguments, index: number, name: string, fallback: string): string {
  const value = argument(given, index, name);
  return value === undefined ? fallback : textOf(value);
}

export function integerArgument(given: CallArguments, index: number, name: string, fallback: number): number {
  const value = argument(given, index, name);
  if (value === undefined || value === null) return fallback;
  const number = numberOf(value);
  if (number === undefined || !Number.isInteger(number)) {
    throw new TemplateError(`${name} must be a whole number, not ${typeName(value)}.`);
  }
  return number;
}

export function booleanArgument(
  given: CallArguments,
  index: number,
  name: string,
  fallback: boolean,
): boolean {
  const value = argument(given, index, name);
  return value === undefined ? fallback : Boolean(value);
}
