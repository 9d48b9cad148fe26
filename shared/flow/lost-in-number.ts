import { isExactNumber } from "./exact-number.ts";

const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const SHOWN_CHARACTERS = 40;

/** What is not as it was written once a number is read. */
export interface NumberLoss {
  kind: "digits" | "point";
  message: string;
  remedy: string;
}

/**
 * What a number loses when it is read: digits that a double does not hold, or, of a whole one such as 2.0, the point,
 * which other runtimes print. Undefined where it loses nothing.
 */
export function lostInNumber(written: string): NumberLoss | undefined {
  if (!DECIMAL.test(written)) return undefined;
  const value = Number(written);
  const shown = written.length > SHOWN_CHARACTERS ? `${written.slice(0, SHOWN_CHARACTERS)}...` : written;
  const remedy = `Put it in quotes: "${shown}".`;
  if (!isExactNumber(written)) {
    return { kind: "digits", message: `The number ${shown} loses digits: it is read as ${value}.`, remedy };
  }
  if (!/[.e]/i.test(written) || !Number.isInteger(value)) return undefined;
  return { kind: "point", message: `The number ${shown} is read as ${value}, and printed so.`, remedy };
}
