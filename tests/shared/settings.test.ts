import { expect, test } from "vitest";
import { SettingsError } from "../../shared/errors.ts";
import { readSettings } from "../../shared/settings.ts";

const connections = (written: string | undefined) =>
  readSettings(written === undefined ? {} : { FLOWGATE_CONNECTIONS: written }).connections;

test("connections to search services are read by name, with a key or without", () => {
  expect(connections(undefined)).toEqual({});
  expect(
    connections(
      JSON.stringify({
        a: { kind: "azure-ai-search", endpoint: "https://a.search.windows.net", apiKey: "k" },
        b: { kind: "azure-ai-search", endpoint: "https://b.search.windows.net" },
      }),
    ),
  ).toEqual({
    a: { kind: "azure-ai-search", endpoint: "https://a.search.windows.net", apiKey: "k" },
    b: { kind: "azure-ai-search", endpoint: "https://b.search.windows.net", apiKey: undefined },
  });
});

test.each([
  ["{", /is not JSON/],
  ["[]", /does not fit at its top/],
  ['{"a": {"kind": "elastic", "endpoint": "https://x.example"}}', /does not fit at a\.kind/],
  ['{"a": {"kind": "azure-ai-search", "endpoint": "x", "apiKey": "hush"}}', /does not fit at a\.endpoint/],
  ['{"a": {"kind": "azure-ai-search", "endpoint": "file:///x"}}', /does not fit at a\.endpoint/],
])("connections that do not fit are refused by their place, without their keys: %s", (written, said) => {
  expect(() => connections(written)).toThrow(SettingsError);
  expect(() => connections(written)).toThrow(said);
  expect(() => connections(written)).not.toThrow(/hush/);
});

test("the day's budget is read as flow.yaml's is, and is none unless it is set", () => {
  expect(readSettings({}).dailyBudget).toEqual({ tokens: undefined, cost: undefined });
  expect(readSettings({ FLOWGATE_DAILY_TOKENS: "2M", FLOWGATE_DAILY_COST: "$7.50" }).dailyBudget).toEqual({
    tokens: 2_000_000,
    cost: 7.5,
  });
  expect(() => readSettings({ FLOWGATE_DAILY_COST: "much" })).toThrow(/FLOWGATE_DAILY_COST.*"\$5"/);
});
