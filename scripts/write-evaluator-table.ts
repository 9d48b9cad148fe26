import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { evaluatorTable } from "../shared/evaluators/evaluator-table.ts";

/** `npm run docs`: writes the table of docs/evaluators.md. A test fails where it is not what this writes. */
const FILE = path.resolve(import.meta.dirname, "../docs/evaluators.md");
const TABLE = /(?<=<!-- table -->\n)[\s\S]*(?=\n<!-- \/table -->)/;

const text = await readFile(FILE, "utf8");
await writeFile(
  FILE,
  text.replace(TABLE, () => `\n${evaluatorTable()}\n`),
);
console.log("docs/evaluators.md");
