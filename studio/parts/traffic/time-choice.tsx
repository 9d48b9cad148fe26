import { studioPath } from "../../data/location.ts";
import { RANGES, shiftedEnd } from "../../data/traffic/ranges.ts";

/** Which time is shown. An address without an end goes on till now; one with it shows everybody the same. */
export function TimeChoice({
  flow,
  hours,
  end,
  shownTo,
}: {
  flow: string;
  hours: number;
  /** Undefined while the time goes on till now. */
  end: Date | undefined;
  /** The end of what is shown, ISO 8601; undefined until something is. */
  shownTo: string | undefined;
}) {
  const now = new Date();
  const pathOf = (hours: number, to: string | undefined): string =>
    studioPath(["flows", flow, "traffic"], { hours: String(hours), to });
  return (
    <nav class="time-choice" aria-label="Time">
      <span class="ranges">
        {RANGES.map((range) => (
          <a
            key={range.hours}
            href={pathOf(range.hours, end?.toISOString())}
            aria-current={range.hours === hours ? "true" : undefined}
          >
            {range.words}
          </a>
        ))}
      </span>
      <span class="ranges">
        <a href={pathOf(hours, shiftedEnd(end ?? now, hours, now))}>earlier</a>
        {end && <a href={pathOf(hours, shiftedEnd(end, -hours, now))}>later</a>}
        {end ? (
          <a href={pathOf(hours, undefined)}>now</a>
        ) : (
          <a href={pathOf(hours, shownTo)}>hold this time</a>
        )}
      </span>
    </nav>
  );
}
