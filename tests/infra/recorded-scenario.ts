import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { envelopeSchema, rowsOf, type TelemetryRow } from "../../local/telemetry/telemetry-row.ts";
import { evaluateQuery, type Row } from "./kusto/evaluate.ts";
import { parseQuery } from "./kusto/language.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../infra/queries");

/** The names of the queries: `traffic`, `alerts/quota`. */
export const QUERIES = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".kql"))
  .map((file) => file.slice(0, -".kql".length))
  .toSorted((one, other) => one.localeCompare(other));

/** What `npm run scenario` recorded of the real exporter. */
export const ENVELOPES = readFileSync(path.join(import.meta.dirname, "scenario.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => envelopeSchema.parse(JSON.parse(line)));

export const RECORDED: readonly TelemetryRow[] = ENVELOPES.flatMap(rowsOf);

export function queryText(name: string): string {
  return readFileSync(path.join(FOLDER, `${name}.kql`), "utf8");
}

/** What a query answers on what was recorded, by the meaning of its language. */
export function answer(name: string, { flow = "*", metric = "groundedness" } = {}): Row[] {
  const rows = (table: "dependencies" | "customEvents" | "customMetrics") =>
    RECORDED.filter((row) => row.table === table).map((row) => ({
      ...row,
      timestamp: new Date(row.timestamp),
      valueSum: row.value,
    })) as unknown as Row[];
  const text = queryText(name).replaceAll("{Flow}", flow).replaceAll("{Metric}", metric);
  return evaluateQuery(parseQuery(text).root, {
    dependencies: rows("dependencies"),
    customEvents: rows("customEvents"),
    customMetrics: rows("customMetrics"),
  });
}
