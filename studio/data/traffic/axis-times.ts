import { LOCALE } from "../safe-locale.ts";

const CLOCK = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const DAY_SECONDS = 86_400;

/** What stands below the time axis at some seconds since 1970, `apart` seconds from each other: the day where it changes. */
export function axisTimes(splits: readonly number[], apart: number): string[] {
  return splits.map((seconds, index) => {
    const day = DAY.format(seconds * 1000);
    if (apart >= DAY_SECONDS) return day;
    const before = splits[index - 1];
    const clock = CLOCK.format(seconds * 1000);
    return before !== undefined && DAY.format(before * 1000) === day ? clock : `${clock}\n${day}`;
  });
}
