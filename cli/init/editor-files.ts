import { access } from "node:fs/promises";
import path from "node:path";
import { editorMetrics } from "../../shared/evaluators/editor-metrics.ts";
import { editorSchemas } from "../../shared/flow/editor-schemas.ts";

/** What makes editors complete and check a new flow. */
export interface EditorFiles {
  /** The comment that opens `flow.yaml`: where its schema is, as the YAML server of editors reads it. */
  modeline: string;
  /** What to write, by path relative to the flow's folder; a push leaves it out, as all that starts with a dot. */
  files: Map<string, string>;
}

const FLOW_SCHEMA = "flow.schema.json";

/**
 * The editor files of a flow at `folder`, which need not exist yet. Inside a checkout of Flowgate the schemas and the
 * settings are there already; anywhere else the flow's folder gets its own, for an editor that opens that folder.
 */
export async function editorFiles(folder: string): Promise<EditorFiles> {
  const schemas = await schemasAbove(path.resolve(folder));
  if (schemas !== undefined) {
    const relative = path.relative(path.resolve(folder), path.join(schemas, FLOW_SCHEMA));
    return { modeline: modelineFor(relative.split(path.sep).join("/")), files: new Map() };
  }
  const files = new Map<string, string>();
  for (const [name, schema] of Object.entries(editorSchemas(editorMetrics()))) {
    files.set(`.vscode/schemas/${name}`, json(schema));
  }
  files.set(
    ".vscode/settings.json",
    json({
      "yaml.schemas": { [`./.vscode/schemas/${FLOW_SCHEMA}`]: ["**/flow.yaml"] },
      "json.schemas": [{ fileMatch: ["/data/*.json"], url: "./.vscode/schemas/dataset.schema.json" }],
      "files.associations": { "*.prompty": "prompty", "*.jsonl": "jsonl" },
    }),
  );
  files.set(
    ".vscode/extensions.json",
    json({ recommendations: ["redhat.vscode-yaml", "ms-toolsai.prompty"] }),
  );
  return { modeline: modelineFor(`.vscode/schemas/${FLOW_SCHEMA}`), files };
}

function modelineFor(schema: string): string {
  return `# yaml-language-server: $schema=${schema}`;
}

/** The `schemas/` folder of the checkout that a folder lies in. */
async function schemasAbove(folder: string): Promise<string | undefined> {
  const schemas = path.join(folder, "schemas");
  const found = await access(path.join(schemas, FLOW_SCHEMA)).then(
    () => true,
    () => false,
  );
  if (found) return schemas;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : schemasAbove(parent);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
