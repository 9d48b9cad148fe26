import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { flowReference } from "../../shared/flow/flow-reference.ts";
import schema from "../../schemas/flow.schema.json" with { type: "json" };

const guide = readFileSync(path.resolve(import.meta.dirname, "../../docs/flow-yaml.md"), "utf8");

test("the guide's table is what `npm run docs` writes", () => {
  expect(guide, "docs/flow-yaml.md is stale: run npm run docs").toContain(
    `<!-- table -->\n\n${flowReference(schema)}\n\n<!-- /table -->`,
  );
});

test("every key of the file has its line, and none is without a word", () => {
  const lines = flowReference(schema).split("\n").slice(2);
  for (const key of [
    "name",
    "evaluation.budget.tokens",
    "evaluation.scope",
    "gate.judge.agreement",
    "steps.retrieve",
  ])
    expect(lines.some((line) => line.startsWith(`| \`${key}\` |`))).toBe(true);
  expect(lines.filter((line) => line.split(" | ")[1] === "")).toEqual([]);
});
