import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { evaluatorTable } from "../../shared/evaluators/evaluator-table.ts";
import { EVALUATORS } from "../../shared/evaluators/registry.ts";

const guide = readFileSync(path.resolve(import.meta.dirname, "../../docs/evaluators.md"), "utf8");

test("the guide's table is what `npm run docs` writes", () => {
  expect(guide, "docs/evaluators.md is stale: run npm run docs").toContain(
    `<!-- table -->\n\n${evaluatorTable()}\n\n<!-- /table -->`,
  );
});

test("every evaluator has its line in the table", () => {
  for (const name of Object.keys(EVALUATORS)) expect(evaluatorTable()).toContain(`| \`${name}\` |`);
});
