import { SettingsError } from "../../shared/errors.ts";

export interface Ncrontab {
  /** The first moment after `time` that fits, in UTC as on Azure. */
  next(time: Date): Date;
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const DAYS = "sun mon tue wed thu fri sat".split(" ");
const FIELDS = [
  { name: "second", from: 0, to: 59 },
  { name: "minute", from: 0, to: 59 },
  { name: "hour", from: 0, to: 23 },
  { name: "day", from: 1, to: 31 },
  { name: "month", from: 1, to: 12, names: MONTHS },
  { name: "weekday", from: 0, to: 6, names: DAYS },
] as const;
type Field = (typeof FIELDS)[number];

/**
 * Parses NCRONTAB: `second minute hour day month weekday`, or five fields without the seconds. A field is `*`, a
 * value, a range `a-b`, a step `a-b/n`, or a list of these; months and weekdays (0 is Sunday) also go by name. As in
 * NCRONTAB, and unlike cron, day and weekday must both fit. Throws `SettingsError` naming the field.
 */
export function parseNcrontab(expression: string): Ncrontab {
  const given = expression.trim().split(/\s+/);
  const texts = given.length === 5 ? ["0", ...given] : given;
  if (texts.length !== 6) {
    throw new SettingsError(`Schedule "${expression}" has ${given.length} fields. Write six, seconds first.`);
  }
  const allowed = FIELDS.map((field, index) => parseField(field, texts[index]!, expression));
  const [seconds, minutes, hours, days, months, weekdays] = allowed as [
    Values,
    Values,
    Values,
    Values,
    Values,
    Values,
  ];

  return {
    next(time) {
      const at = new Date(Math.floor(time.getTime() / 1000) * 1000 + 1000);
      // Eight years hold a 29th of February of every kind; what fits none of their days fits never.
      const limit = at.getUTCFullYear() + 9;
      while (at.getUTCFullYear() < limit) {
        if (!months.has(at.getUTCMonth() + 1)) at.setUTCMonth(at.getUTCMonth() + 1, 1);
        else if (!days.has(at.getUTCDate()) || !weekdays.has(at.getUTCDay()))
          at.setUTCDate(at.getUTCDate() + 1);
        else if (!hours.has(at.getUTCHours())) {
          at.setUTCHours(at.getUTCHours() + 1, 0, 0);
          continue;
        } else if (!minutes.has(at.getUTCMinutes())) {
          at.setUTCMinutes(at.getUTCMinutes() + 1, 0);
          continue;
        } else if (!seconds.has(at.getUTCSeconds())) {
          at.setUTCSeconds(at.getUTCSeconds() + 1);
          continue;
        } else return at;
        at.setUTCHours(0, 0, 0);
      }
      throw new SettingsError(`Schedule "${expression}" never occurs.`);
    },
  };
}

type Values = ReadonlySet<number>;

function parseField(field: Field, text: string, expression: string): Values {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", stepText] = part.split("/");
    const [fromText = "", toText] = range.split("-");
    const from = range === "*" ? field.from : valueOf(field, fromText);
    // `5/10` starts at 5 and goes on to the end of the field; a plain `5` is only itself.
    const to = toText !== undefined ? valueOf(field, toText) : range === "*" || stepText ? field.to : from;
    const step = stepText === undefined ? 1 : /^\d+$/.test(stepText) ? Number(stepText) : 0;
    if (!(from >= field.from && to <= field.to && from <= to && step >= 1)) {
      throw new SettingsError(
        `Schedule "${expression}": "${part}" does not fit the ${field.name} (${field.from}-${field.to}).`,
      );
    }
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

/** NaN where it is neither a number nor a name. */
function valueOf(field: Field, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const index = "names" in field ? field.names.indexOf(text.slice(0, 3).toLowerCase()) : -1;
  return index === -1 ? Number.NaN : index + field.from;
}
