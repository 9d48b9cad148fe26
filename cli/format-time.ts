/**
 * An ISO 8601 time in the reader's time zone, with how far that is from UTC: `2026-11-22 08:19:03 UTC`,
 * `2026-11-22 09:19:03 +01:00`. What is no time is returned as it is.
 */
export function formatTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())} ${zone(time)}`;
}

function zone(time: Date): string {
  // Minutes that UTC is ahead.
  const behind = time.getTimezoneOffset();
  if (behind === 0) return "UTC";
  const minutes = Math.abs(behind);
  return `${behind < 0 ? "+" : "-"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
