import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ofType, snapshotOf } from "./snapshot.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const everything = snapshotOf("everything");
const smallest = snapshotOf("smallest");

function queriesIn(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder))
    .filter((file) => file.endsWith(".kql"))
    .map((file) => readFileSync(path.join(ROOT, folder, file), "utf8"));
}

interface Item {
  type: number;
  content: {
    title?: string;
    query?: string;
    timeContextFromParameter?: string;
    parameters?: { name: string; query?: string }[];
  };
}

interface Rule {
  name: string;
  query: string;
  operator: string;
  threshold: number;
  measure: string | undefined;
  dimensions: string[];
  groups: string[];
  description: string;
}

function rules(resources: typeof everything): Rule[] {
  return ofType(resources, "Microsoft.Insights/scheduledQueryRules").map(({ name, properties }) => {
    const { criteria, actions, description } = properties as {
      criteria: {
        allOf: {
          query: string;
          operator: string;
          threshold: number;
          metricMeasureColumn?: string;
          dimensions: { name: string }[];
        }[];
      };
      actions: { actionGroups: string[] };
      description: string;
    };
    const [condition] = criteria.allOf;
    return {
      name: name.replace("flowgate-", ""),
      query: condition?.query ?? "",
      operator: condition?.operator ?? "",
      threshold: condition?.threshold ?? Number.NaN,
      measure: condition?.metricMeasureColumn,
      dimensions: condition?.dimensions.map((dimension) => dimension.name) ?? [],
      groups: actions.actionGroups,
      description,
    };
  });
}

test("the workbook shows every query, under its own first line, for the flow and the time that are chosen", () => {
  const [workbook] = ofType(smallest, "Microsoft.Insights/workbooks");
  const { items } = JSON.parse(String(workbook?.properties["serializedData"])) as { items: Item[] };
  const panels = items.filter(({ type }) => type === 3);
  const chosen = items.flatMap(({ content }) => content.parameters ?? []);
  const shown = [
    ...panels.map(({ content }) => content.query),
    ...chosen.flatMap(({ query }) => query ?? []),
  ];
  expect(new Set(shown)).toEqual(new Set(queriesIn("infra/queries")));
  expect(shown).toHaveLength(new Set(shown).size);
  expect(chosen.map(({ name }) => name)).toEqual(["TimeRange", "Flow", "Metric"]);
  for (const { content } of panels) {
    expect(content.query).toContain(`// ${content.title}\n`);
    expect(content.timeContextFromParameter).toBe("TimeRange");
  }
  expect(items.filter(({ type }) => type === 1).length).toBeGreaterThan(3);
});

test("every alert's query has its rule, which reads a column and splits by columns that the query answers", () => {
  const found = rules(smallest);
  expect(new Set(found.map(({ query }) => query))).toEqual(new Set(queriesIn("infra/queries/alerts")));
  for (const { name, query, measure, dimensions, operator } of found) {
    expect([name, operator]).toEqual([name, measure === undefined ? "LessThan" : "GreaterThan"]);
    for (const column of [...dimensions, ...(measure === undefined ? [] : [measure])]) {
      expect(query.trim().split("\n").at(-1)).toMatch(new RegExp(String.raw`\b${column}\b`));
    }
  }
});

test("thresholds are a deployment's own where it says so, and who is told is who was named", () => {
  const slow = (resources: typeof everything) => rules(resources).find(({ name }) => name === "slow-turns");
  expect(slow(smallest)).toMatchObject({ threshold: 15_000, groups: [] });
  expect(slow(everything)).toMatchObject({
    threshold: 8_000,
    groups: [expect.stringMatching(/actionGroups\/flowgate$/)],
  });
  expect(ofType(smallest, "Microsoft.Insights/actionGroups")).toEqual([]);
});

test("docs/operate.md says of every alert, with its threshold, what to do", () => {
  const guide = readFileSync(path.join(ROOT, "docs/operate.md"), "utf8");
  for (const { name, threshold, description } of rules(smallest)) {
    expect(description).toContain(`"${name}"`);
    const row = new RegExp(String.raw`^\| .*\b${name}\b.* \| ([^|]+) \| .{40,} \|$`, "m").exec(guide);
    expect([name, row?.[1]]).toEqual([name, expect.stringContaining(threshold.toLocaleString("en"))]);
  }
  expect(guide).toMatch(/^\| .*\bundelivered\b/m);
});
