/** How far back one may look. */
export const RANGES: readonly { hours: number; words: string }[] = [
  { hours: 1, words: "hour" },
  { hours: 6, words: "6 hours" },
  { hours: 24, words: "24 hours" },
  { hours: 168, words: "7 days" },
  { hours: 720, words: "30 days" },
];

const MOST_HOURS = 744;

/** The hours that an address asks for; the last one where it asks for none, or for what cannot be shown. */
export function chosenHours(asked: string | null): number {
  const hours = Number(asked ?? 1);
  return hours > 0 && hours <= MOST_HOURS ? hours : 1;
}

/** Behind `the last`. */
export function rangeWords(hours: number): string {
  return RANGES.find((range) => range.hours === hours)?.words ?? `${hours} hours`;
}

/** When the time that an address asks for ends; undefined: now, and it goes on. */
export function chosenEnd(asked: string | null): Date | undefined {
  const time = Date.parse(asked ?? "");
  return time > 0 ? new Date(time) : undefined;
}

/** `to` of an address that shows as many hours before or (negative) after `end`; undefined where that goes on till now. */
export function shiftedEnd(end: Date, hours: number, now: Date): string | undefined {
  const shifted = new Date(end.getTime() - hours * 3_600_000);
  return shifted < now ? shifted.toISOString() : undefined;
}
