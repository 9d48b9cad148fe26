import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { editorMetrics } from "../shared/evaluators/editor-metrics.ts";
import { editorSchemas } from "../shared/flow/editor-schemas.ts";

/** `npm run schemas`: writes the editors' JSON schemas. A test fails where they are not what this writes. */
const ROOT = path.resolve(import.meta.dirname, "..");
const FOLDER = path.join(ROOT, "schemas");

await mkdir(FOLDER, { recursive: true });
for (const [name, schema] of Object.entries(editorSchemas(editorMetrics()))) {
  await writeFile(path.join(FOLDER, name), `${JSON.stringify(schema, null, 2)}\n`);
  console.log(`schemas/${name}`);
}
