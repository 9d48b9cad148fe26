import { TemplateError } from "../template-error.ts";

/**
 * Python's numbers. A whole JavaScript number is an int, any other a float; `Float` is a float that happens to be
 * whole (2.0), and a bigint is an int that a double does not hold exactly. Inputs were read without their spelling:
 * a number of 1e21 and more is a float there, as JavaScript would write it with an exponent.
 */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export type Int = number | bigint;

/** An int that is longer has no text in Python, and costs more than a prompt is worth. */
const MAX_BITS = 14_300;

/** The number of an int, a float or a boolean as a double; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (value instanceof Float) return value.value;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "boolean" ? Number(value) : undefined;
}

export function isFloat(value: unknown): boolean {
  return value instanceof Float || (typeof value === "number" && !isWhole(value));
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 1e21;
}

/** The int of an int or a boolean; undefined for anything else, floats included. */
export function intOf(value: unknown): Int | undefined {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "bigint") return value;
  return typeof value === "number" && isWhole(value) ? value : undefined;
}

/** A number that stays a float even when it is whole. */
export function floatOf(value: number): number | Float {
  return isWhole(value) ? new Float(value) : value;
}

/** An int in its one form: a number where that holds it exactly. Throws where it is too long. */
export function exactInt(value: bigint): Int {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  if (BigInt.asIntN(MAX_BITS, value) !== value) throw new TemplateError("An integer has too many digits.");
  return value;
}
