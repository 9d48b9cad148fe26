import type { HttpRequest } from "@azure/functions";
import { PermanentError } from "../shared/errors.ts";

/**
 * A number of a route's query: a whole one of at least `least`, `otherwise` where it is not given. Throws
 * `PermanentError` for anything else, as a client that is answered something other than what it meant never learns it.
 */
export function wholeNumber(
  { query }: Pick<HttpRequest, "query">,
  name: string,
  { least, otherwise }: { least: number; otherwise: number },
): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
  throw new PermanentError(`${name}: a whole number from ${least}; ${otherwise} by default.`);
}
