import type { TelemetryRow } from "../../local/telemetry/telemetry-row.ts";
import { RECORDED } from "./recorded-scenario.ts";

/** What the expected answers are made of: the questions of the dashboards asked in TypeScript, not in Kusto. */

export const turns = RECORDED.filter(({ name }) => name.startsWith("invoke_workflow "));
export const answered = turns.filter((row) => of(row, "outcome") === "answered");
export const failed = turns.filter((row) => of(row, "error") !== "");
export const inArms = turns.filter((row) => of(row, "arm") !== "");

export function events(name: string): TelemetryRow[] {
  return RECORDED.filter((row) => row.table === "customEvents" && row.name === name);
}

export function metrics(name: string): TelemetryRow[] {
  return RECORDED.filter((row) => row.table === "customMetrics" && row.name === name);
}

/** What a row says under a key of Flowgate, or under one with its own prefix; nothing where it says nothing. */
export function of({ customDimensions }: TelemetryRow, key: string): string {
  return customDimensions[key.includes("gen_ai") ? key : `flowgate.${key}`] ?? "";
}

/** How many items rows stand for. */
export function count(rows: readonly TelemetryRow[]): number {
  return rows.reduce((sum, { itemCount }) => sum + itemCount, 0);
}

/** The sum of metrics' values. */
export function total(rows: readonly TelemetryRow[]): number {
  return rows.reduce((sum, { value = 0 }) => sum + value, 0);
}

/** The nearest rank among the items that rows stand for, each counted as often as it was sent for. */
export function percentile(
  rows: readonly TelemetryRow[],
  share: number,
  valueOf = (row: TelemetryRow): number => row.duration ?? 0,
): number | undefined {
  const values = rows
    .flatMap((row) => Array<number>(row.itemCount).fill(valueOf(row)))
    .toSorted((a, b) => a - b);
  return values[Math.ceil(share * values.length) - 1];
}

/** A group of rows that agree in some keys, and what they agree in. */
export interface Group {
  named: Record<string, string>;
  rows: TelemetryRow[];
}

/** Rows by keys: `{ flow: "flow", model: "gen_ai.request.model" }`, the column's name first. */
export function groups(rows: readonly TelemetryRow[], keys: Record<string, string>): Group[] {
  const name = (row: TelemetryRow): Record<string, string> =>
    Object.fromEntries(Object.entries(keys).map(([column, key]) => [column, of(row, key)]));
  return [...Map.groupBy(rows, (row) => JSON.stringify(name(row))).values()].map((alike) => ({
    named: name(alike[0] as TelemetryRow),
    rows: alike,
  }));
}

/** Groups within each `minutes` of time, with the time at which theirs begins. */
export function groupsInTime(
  rows: readonly TelemetryRow[],
  minutes: number,
  keys: Record<string, string> = {},
): (Group & { timestamp: Date })[] {
  const step = minutes * 60_000;
  const begin = ({ timestamp }: TelemetryRow): number => Math.floor(Date.parse(timestamp) / step) * step;
  return [...Map.groupBy(rows, begin)].flatMap(([at, alike]) =>
    groups(alike, keys).map((group) => ({ ...group, timestamp: new Date(at) })),
  );
}
