import { validateHeaderValue } from "node:http";
import { HttpResponse } from "@azure/functions";

/**
 * An answer of texts, to be returned and not read: the library writes them as they come. Of the web's response that it
 * wraps it asks for the status, for the headers' entries and one of them by name, and for the body's values; it is given
 * those alone, as making a real one costs more than all else about it. `headers`: names in lower case. Throws
 * `RangeError` for a status and `TypeError` for a header that cannot be written, which would else let the request hang.
 */
export function textResponse(
  { status = 200, headers }: { status?: number; headers: Record<string, string> },
  texts: AsyncIterable<string> | Iterable<string>,
): HttpResponse {
  if (!(status >= 200 && status <= 599)) throw new RangeError(`No answer has the status ${status}.`);
  const entries = new Map(Object.entries(headers));
  for (const [name, value] of entries) validateHeaderValue(name, value);
  const nativeResponse = { status, headers: entries, body: { values: () => texts } };
  // As the library gives it to itself for a clone.
  return new HttpResponse({ nativeResponse } as object);
}

/** A value as JSON, with its length: known, it goes out in one piece with the head. */
export function jsonResponse(status: number, headers: Record<string, string>, value: object): HttpResponse {
  const text = JSON.stringify(value);
  const length = String(Buffer.byteLength(text));
  const described = { ...headers, "content-type": "application/json", "content-length": length };
  return textResponse({ status, headers: described }, [text]);
}
