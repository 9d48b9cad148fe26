import type { CallArguments } from "./values/call-arguments.ts";
import { TemplateError } from "./template-error.ts";
import { intOf } from "./values/number.ts";
import { typeName } from "./values/type-name.ts";

/** What a filter, test, function or method takes, as Python's signature has it. */
export interface Signature {
  parameters: readonly string[];
  /** So many of them must be given. */
  required?: number;
}

/**
 * The arguments in the order of the parameters, up to the last that was given; undefined for one before it that was
 * not. Throws where they do not fit.
 */
export function bindArguments(name: string, signature: Signature, given: CallArguments): unknown[] {
  const { parameters, required = 0 } = signature;
  if (given.values.length > parameters.length) {
    throw new TemplateError(`${name} takes at most ${parameters.length} arguments.`);
  }
  if (given.named.size === 0 && given.values.length >= required) return [...given.values];
  const bound = parameters.map((_, index) => given.values[index]);
  const isGiven = parameters.map((_, index) => index < given.values.length);
  for (const [key, value] of given.named) {
    const index = parameters.indexOf(key);
    if (index < 0) {
      const known = parameters.length === 0 ? "It takes none." : `Known: ${parameters.join(", ")}.`;
      throw new TemplateError(`${name} has no argument ${key}. ${known}`);
    }
    if (isGiven[index] === true) throw new TemplateError(`${name} is given ${key} twice.`);
    bound[index] = value;
    isGiven[index] = true;
  }
  const missing = parameters.find((_, index) => index < required && isGiven[index] !== true);
  if (missing !== undefined) throw new TemplateError(`${name} needs the argument ${missing}.`);
  return bound.slice(0, isGiven.lastIndexOf(true) + 1);
}

/** A whole number of a size that lists and texts can have. Throws for anything else. */
export function wholeNumber(value: unknown, name: string): number {
  const int = intOf(value);
  if (int === undefined) throw new TemplateError(`${name} must be a whole number, not ${typeName(value)}.`);
  if (typeof int === "bigint") throw new TemplateError(`${name} is too large.`);
  return int;
}
