import { isExactNumber } from "./exact-number.ts";

const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const SHOWN_CHARACTERS = 40;
/** From here on a number is written with an exponent, as Python writes a float. */
const LARGEST_PLAIN = 1e21;

/** What is not as it was written once a number is read. */
export interface NumberLoss {
  /** All: it is too large to be a number. */
  kind: "digits" | "point" | "all";
  message: string;
  remedy: string;
}

/**
 * What a number loses when it is read: digits that a double does not hold, or, of a whole one such as 2.0, the point,
 * which Python's templates print (docs/decisions/2026-11-26-numbers-without-their-spelling.md). Undefined where it
 * loses nothing.
 */
export function lostInNumber(written: string): NumberLoss | undefined {
  if (!DECIMAL.test(written)) return undefined;
  const value = Number(written);
  const shown = written.length > SHOWN_CHARACTERS ? `${written.slice(0, SHOWN_CHARACTERS)}...` : written;
  const quotes = `in quotes: "${shown}".`;
  if (!Number.isFinite(value))
    return { kind: "all", message: `The number ${shown} is too large.`, remedy: `Put it ${quotes}` };
  const isFloat = /[.e]/i.test(written);
  const isPlain = Number.isInteger(value) && Math.abs(value) < LARGEST_PLAIN;
  if (!isExactNumber(written) || (!isFloat && !isPlain)) {
    const message = `The number ${shown} loses digits: it is read as ${value}.`;
    return { kind: "digits", message, remedy: `Put it ${quotes}` };
  }
  if (!isFloat || !isPlain) return undefined;
  const message = `The number ${shown} is read as ${value}, and printed so.`;
  return { kind: "point", message, remedy: `Print it with the filter float, or put it ${quotes}` };
}
