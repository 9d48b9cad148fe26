import { mkdtemp, rm } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTelemetrySink } from "../../local/telemetry/start-sink.ts";
import type { TelemetryRow } from "../../local/telemetry/telemetry-row.ts";
import { createTelemetry } from "../../shared/adapters/azure/telemetry.ts";
import { emitScenario } from "./emit-scenario.ts";
import { evaluateQuery, type Row } from "./kusto/evaluate.ts";
import { parseQuery } from "./kusto/language.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../infra/queries");
const QUERIES = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".kql"))
  .map((file) => file.slice(0, -".kql".length))
  .toSorted((one, other) => one.localeCompare(other));
const textOf = (name: string): string => readFileSync(path.join(FOLDER, `${name}.kql`), "utf8");

let folder: string;
/** What the real exporter sent of the scenario. */
let sent: TelemetryRow[];
beforeAll(async () => {
  process.env["APPLICATION_INSIGHTS_NO_STATSBEAT"] = "1";
  folder = await mkdtemp(path.join(tmpdir(), "flowgate-queries-"));
  const sink = await startTelemetrySink({ folder });
  const telemetry = createTelemetry({
    telemetry: { connectionString: sink.connectionString },
    otlp: undefined,
  });
  await emitScenario(telemetry);
  await telemetry.flush(60_000);
  sent = sink.query({});
  await sink.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a query answers on what was sent; nothing was sampled, so each row counts once. */
function answer(name: string, flow = "*"): Row[] {
  const tables = Map.groupBy(sent, ({ table }) => table);
  const rows = (table: "dependencies" | "customEvents" | "customMetrics") =>
    (tables.get(table) ?? []).map((row) => ({
      ...row,
      timestamp: new Date(row.timestamp),
      itemCount: 1,
      valueSum: row.value,
    })) as unknown as Row[];
  const { root } = parseQuery(textOf(name).replaceAll("{Flow}", flow));
  return evaluateQuery(root, {
    dependencies: rows("dependencies"),
    customEvents: rows("customEvents"),
    customMetrics: rows("customMetrics"),
  });
}

describe.each(QUERIES)("%s", (name) => {
  test("is right by the language and by the tables' schemas, and says what it shows", () => {
    expect(parseQuery(textOf(name)).problems).toEqual([]);
    expect(textOf(name)).toMatch(/^\/\/ [A-Z].*\.\n/);
  });

  test("names only what the real exporter sent", () => {
    // Each part of a query reads one table, whose rows it takes by their name.
    for (const part of textOf(name).split(";")) {
      const table = /\b(dependencies|customEvents|customMetrics)\b/.exec(part)?.[1];
      if (table === undefined) continue;
      const [, is, what = ""] = /name (==|startswith) '([^']+)'/.exec(part) ?? [];
      const rows = sent.filter(
        (row) => row.table === table && (is === "==" ? row.name === what : row.name.startsWith(what)),
      );
      expect([what, rows.length > 0]).toEqual([what, true]);
      const keys = new Set(rows.flatMap(({ customDimensions }) => Object.keys(customDimensions)));
      const named = [...part.matchAll(/customDimensions\['([^']+)'\]/g)].map(([, key = ""]) => key);
      expect(named.filter((key) => !keys.has(key))).toEqual([]);
      if (name !== "alerts/silent") expect(named).not.toEqual([]);
    }
  });

  test("answers something, and nothing of another flow", () => {
    expect(answer(name)).not.toEqual([]);
    if (textOf(name).includes("{Flow}")) expect(answer(name, "another")).toEqual([]);
  });
});

test("what the language service does not know is a problem", () => {
  expect(parseQuery("customEvents | where nam == 'x'").problems).toEqual([expect.stringContaining("nam")]);
  expect(parseQuery("customEvents | where").problems).not.toEqual([]);
});

describe("the same question asked in TypeScript has the same answer:", () => {
  const turns = () => sent.filter(({ name }) => name.startsWith("invoke_workflow "));
  const dimension = ({ customDimensions }: TelemetryRow, key: string) => customDimensions[key];
  const percentile = (values: number[], share: number) =>
    values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1];
  const metrics = (name: string) => sent.filter((row) => row.table === "customMetrics" && row.name === name);
  const total = (rows: TelemetryRow[]) => rows.reduce((sum, { value = 0 }) => sum + value, 0);

  test("how turns ended", () => {
    const byOutcome = Map.groupBy(turns(), (row) => dimension(row, "flowgate.outcome"));
    const counted = Object.fromEntries([...byOutcome].map(([outcome, rows]) => [outcome, rows.length]));
    expect(counted).toEqual({ answered: 36, blocked: 4, model_unavailable: 8 });
    const told: Record<string, number> = {};
    for (const { outcome, turns } of answer("traffic")) {
      told[String(outcome)] = (told[String(outcome)] ?? 0) + Number(turns);
    }
    expect(told).toEqual(counted);
  });

  test("how long they took", () => {
    const answered = turns().filter((row) => dimension(row, "flowgate.outcome") === "answered");
    const durations = answered.map(({ duration = 0 }) => duration);
    const [row] = answer("alerts/slow-turns");
    expect(row).toEqual({ flow: "shop", p95_ms: percentile(durations, 0.95) });
  });

  test("how long the first token took", () => {
    const waits = turns().flatMap((row) => dimension(row, "flowgate.time_to_first_token_ms") ?? []);
    expect(waits).toHaveLength(40);
    const rows = answer("first-token");
    // The scenario may straddle the end of five minutes.
    if (rows.length === 1) expect(rows[0]).toMatchObject({ p50: percentile(waits.map(Number), 0.5) });
    expect(Math.max(...rows.map(({ p99 }) => Number(p99)))).toBe(Math.max(...waits.map(Number)));
  });

  test("what was used and what it cost, by model", () => {
    const tokens = answer("tokens").map(({ model, token_type, tokens }) => [model, token_type, tokens]);
    expect(new Set(tokens.map((row) => row.join(" ")))).toEqual(
      new Set([
        "gpt-4o-mini input 1000000",
        "gpt-4o-mini output 100000",
        "gpt-4.1-mini input 1000000",
        "gpt-4.1-mini output 100000",
      ]),
    );
    expect(tokens.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(
      total(metrics("gen_ai.client.token.usage")),
    );
    const costs = answer("cost").reduce((sum, { cost_usd }) => sum + Number(cost_usd), 0);
    // 0.15 + 0.06 and 0.4 + 0.16, by the list of prices.
    expect(costs).toBeCloseTo(0.77, 9);
    expect(costs).toBeCloseTo(total(metrics("flowgate.model.cost")), 9);
  });

  test("how the canary does beside stable", () => {
    const arms = answer("canary").map(({ arm, version, turns, failed, failed_share }) => [
      arm,
      version,
      turns,
      failed,
      failed_share,
    ]);
    const expected = ["canary", "stable"].map((arm) => {
      const own = turns().filter((row) => dimension(row, "flowgate.arm") === arm);
      const failed = own.filter((row) => dimension(row, "flowgate.error") !== undefined);
      return [
        arm,
        dimension(own[0] as TelemetryRow, "flowgate.version"),
        own.length,
        failed.length,
        failed.length / own.length,
      ];
    });
    expect(arms).toEqual(expected);
  });

  test("what was measured against which threshold", () => {
    expect(answer("quality").slice(0, 2)).toMatchObject([
      {
        metric: "groundedness",
        requirement: "absolute",
        value: 4.62,
        comparison: ">=",
        threshold: 4,
        outcome: "pass",
      },
      { metric: "f1_score", requirement: "relative", value: 0.61, threshold: 0.79, outcome: "fail" },
    ]);
  });

  test("what users said, what waited, what was put off, what failed the judge online", () => {
    expect(answer("feedback")).toMatchObject([{ flow: "shop", up: 1, down: 2 }]);
    expect(answer("alerts/waiting")).toContainEqual({ queue: "evaluation-shards", seconds: 700 });
    expect(answer("alerts/waiting")).toHaveLength(12);
    expect(answer("alerts/throttled")).toEqual([{ model: "gpt-4o-mini", tries: 1 }]);
    expect(answer("alerts/online-quality")).toEqual([
      { flow: "shop", metric: "groundedness", failing_share: 25 },
    ]);
    expect(answer("alerts/failing-turns")).toEqual([{ flow: "shop", failed_share: (100 * 8) / 48 }]);
    expect(answer("alerts/rolled-back")).toEqual([{ flow: "shop", happened: "rolled_back", releases: 1 }]);
  });
});
