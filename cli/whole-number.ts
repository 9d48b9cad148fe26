import { InvalidArgumentError } from "commander";

/** Reads an option's whole number of at least 1. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError("Give a whole number from 1.");
}
