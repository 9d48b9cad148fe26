import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { commandReference } from "./command-reference.ts";
import { evaluatorTable } from "../shared/evaluators/evaluator-table.ts";
import { flowReference } from "../shared/flow/flow-reference.ts";
import flowSchema from "../schemas/flow.schema.json" with { type: "json" };

/** `npm run docs`: writes the tables of the guides. Tests fail where they are not what this writes. */
const TABLES = {
  "docs/evaluators.md": evaluatorTable(),
  "docs/flow-yaml.md": flowReference(flowSchema),
  "docs/commands.md": await commandReference(),
};
const TABLE = /(?<=<!-- table -->\n)[\s\S]*(?=\n<!-- \/table -->)/;

for (const [file, table] of Object.entries(TABLES)) {
  const name = path.resolve(import.meta.dirname, "..", file);
  const text = await readFile(name, "utf8");
  await writeFile(
    name,
    text.replace(TABLE, () => `\n${table}\n`),
  );
  console.log(file);
}
