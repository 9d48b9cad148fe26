import { expect, test } from "vitest";
import { parseNcrontab } from "../../../local/host/ncrontab.ts";

/** The first moments from 2030-01-01 on, a Tuesday. */
function moments(expression: string, count: number, from = "2030-01-01T00:00:00Z"): string[] {
  const schedule = parseNcrontab(expression);
  const found: string[] = [];
  for (let time = new Date(from); found.length < count;) {
    time = schedule.next(time);
    found.push(time.toISOString().replace(".000Z", ""));
  }
  return found;
}

test("seconds come first, and five fields mean second zero", () => {
  expect(moments("30 5 * * * *", 2)).toEqual(["2030-01-01T00:05:30", "2030-01-01T01:05:30"]);
  expect(moments("5 * * * *", 2)).toEqual(["2030-01-01T00:05:00", "2030-01-01T01:05:00"]);
});

test("the next moment is after the given one, never the same", () => {
  expect(moments("* * * * * *", 2, "2030-01-01T00:00:00.700Z")).toEqual([
    "2030-01-01T00:00:01",
    "2030-01-01T00:00:02",
  ]);
  expect(moments("0 0 0 * * *", 1)).toEqual(["2030-01-02T00:00:00"]);
});

test("ranges, lists and steps", () => {
  expect(moments("0 0 9-11 * * *", 4)).toEqual([
    "2030-01-01T09:00:00",
    "2030-01-01T10:00:00",
    "2030-01-01T11:00:00",
    "2030-01-02T09:00:00",
  ]);
  expect(moments("0 */20 0 * * *", 3)).toEqual([
    "2030-01-01T00:20:00",
    "2030-01-01T00:40:00",
    "2030-01-02T00:00:00",
  ]);
  expect(moments("0 5/25,7 0 * * *", 4).map((text) => text.slice(14, 16))).toEqual(["05", "07", "30", "55"]);
});

test("months and weekdays by name or number, ranges of names too", () => {
  expect(moments("0 0 0 1 Feb *", 1)).toEqual(["2030-02-01T00:00:00"]);
  expect(moments("0 0 0 * * Mon-Wed", 3)).toEqual([
    "2030-01-02T00:00:00",
    "2030-01-07T00:00:00",
    "2030-01-08T00:00:00",
  ]);
  expect(moments("0 0 0 * * 0", 1)).toEqual(["2030-01-06T00:00:00"]);
});

test("day and weekday must both fit", () => {
  expect(moments("0 0 0 13 * Friday", 2)).toEqual(["2030-09-13T00:00:00", "2030-12-13T00:00:00"]);
});

test("month ends and leap days", () => {
  expect(moments("0 0 0 31 * *", 3)).toEqual([
    "2030-01-31T00:00:00",
    "2030-03-31T00:00:00",
    "2030-05-31T00:00:00",
  ]);
  expect(moments("0 0 0 29 2 *", 2)).toEqual(["2032-02-29T00:00:00", "2036-02-29T00:00:00"]);
  expect(() => moments("0 0 0 30 2 *", 1)).toThrow("never occurs");
});

test.for([
  ["0 0 * *", "4 fields"],
  ["0 60 * * * *", '"60" does not fit the minute (0-59)'],
  ["0 0 0 0 * *", '"0" does not fit the day (1-31)'],
  ["0 0 0 * * 7", '"7" does not fit the weekday (0-6)'],
  ["0 5-2 * * * *", '"5-2" does not fit the minute'],
  ["0 */0 * * * *", '"*/0" does not fit the minute'],
  ["0 0 0 * Foo *", '"Foo" does not fit the month'],
  ["0 , * * * *", '"" does not fit the minute'],
])("%s is refused", ([expression, reason]) => {
  expect(() => parseNcrontab(expression!)).toThrow(reason!);
});
