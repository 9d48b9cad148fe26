import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { openapiDocument } from "./openapi-document.ts";
import { editorMetrics } from "../shared/evaluators/editor-metrics.ts";
import { editorSchemas } from "../shared/flow/editor-schemas.ts";

/** `npm run schemas`: writes the editors' JSON schemas and the API's document. Tests fail where they are out of date. */
const ROOT = path.resolve(import.meta.dirname, "..");
const FOLDER = path.join(ROOT, "schemas");

await mkdir(FOLDER, { recursive: true });
const written = { ...editorSchemas(editorMetrics()), "openapi.json": openapiDocument() };
for (const [name, schema] of Object.entries(written)) {
  await writeFile(path.join(FOLDER, name), `${JSON.stringify(schema, null, 2)}\n`);
  console.log(`schemas/${name}`);
}
