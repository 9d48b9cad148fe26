import { LOCALE } from "./safe-locale.ts";

const CLOCK = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium" });
const MOMENT = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "long" });
// The page speaks English, whatever the reader's dates look like.
const AGO = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });

const UNITS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `14:03:09`. */
export function clockTime(at: Date): string {
  return CLOCK.format(at);
}

/** `Europe/Berlin`: of times that stand without it. */
export function timeZone(): string {
  return CLOCK.resolvedOptions().timeZone;
}

/** `26 Nov 2026`. */
export function dayOf(at: Date): string {
  return DAY.format(at);
}

/** Day, time and its zone. */
export function moment(at: Date): string {
  return MOMENT.format(at);
}

/** `3 min. ago`; beyond a month the day. */
export function ago(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  if (seconds < 5) return "just now";
  if (seconds > 30 * 86_400) return dayOf(at);
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ["second", 1];
  return AGO.format(-Math.floor(seconds / size), unit);
}

/** `4 h 5 min`, `12 s`: how long something lasts. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes > 0) return seconds % 60 > 0 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  return `${seconds} s`;
}
