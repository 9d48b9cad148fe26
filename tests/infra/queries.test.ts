import { describe, expect, test } from "vitest";
import type { Envelope } from "../../local/telemetry/telemetry-row.ts";
import { answer, ENVELOPES, QUERIES, queryText, RECORDED } from "./recorded-scenario.ts";
import { parseQuery } from "./kusto/language.ts";
import { kindOf, sendScenario } from "./send-scenario.ts";

describe.each(QUERIES)("%s", (name) => {
  test("is right by the language and by the tables' schemas, and says what it shows", () => {
    expect(parseQuery(queryText(name)).problems).toEqual([]);
    expect(queryText(name)).toMatch(/^\/\/ [A-Z].*\.\n/);
  });

  test("names only what the real exporter sent", () => {
    // Each part of a query reads one table, whose rows it takes by their name.
    for (const part of queryText(name).split(";")) {
      const table = /\b(dependencies|customEvents|customMetrics)\b/.exec(part)?.[1];
      if (table === undefined) continue;
      const [, is, what = ""] = /name (==|startswith) '([^']+)'/.exec(part) ?? [];
      const rows = RECORDED.filter(
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
    if (queryText(name).includes("{Flow}")) expect(answer(name, { flow: "another" })).toEqual([]);
  });
});

test("what the language service does not know is a problem", () => {
  expect(parseQuery("customEvents | where nam == 'x'").problems).toEqual([expect.stringContaining("nam")]);
  expect(parseQuery("customEvents | where").problems).not.toEqual([]);
});

test("what is recorded is what the exporter sends today: else `npm run scenario`", async () => {
  const shapes = (envelopes: readonly Envelope[]): Record<string, { sent: number; keys: string[] }> =>
    Object.fromEntries(
      [...Map.groupBy(envelopes, kindOf)].map(([kind, alike]) => {
        const keys = alike.flatMap(({ data }) => Object.keys(data.baseData.properties ?? {}));
        return [
          kind,
          { sent: alike.length, keys: [...new Set(keys)].toSorted((a, b) => a.localeCompare(b)) },
        ];
      }),
    );
  expect(shapes(ENVELOPES)).toEqual(shapes(await sendScenario()));
});
