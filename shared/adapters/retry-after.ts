import type { Clock } from "../ports/clock.ts";

/** How long a service asks to be left alone, in ms, by the headers of the client library's error. */
export function retryAfterOf(cause: unknown, clock: Pick<Clock, "now">): number | undefined {
  const headers = (cause as { headers?: { get(name: string): string | null } } | undefined)?.headers;
  const milliseconds = Number.parseFloat(headers?.get("retry-after-ms") ?? "");
  if (milliseconds >= 0) return milliseconds;
  const after = headers?.get("retry-after") ?? "";
  const seconds = Number.parseFloat(after);
  if (seconds >= 0) return seconds * 1000;
  // Dates of HTTP begin with the weekday; what else can be read as a date is none.
  const date = /^[a-z]/i.test(after) ? Date.parse(after) - clock.now().getTime() : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date);
}
