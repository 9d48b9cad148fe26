import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

/** The repository, as the folder that an editor has open. */
export const WORKSPACE = path.resolve(import.meta.dirname, "../..");

/** A file of `.vscode/`, which is JSON with comments. */
export function editorFile(name: string): Record<string, unknown> {
  const text = readFileSync(path.join(WORKSPACE, ".vscode", name), "utf8");
  return parse(text.replaceAll(/^\s*\/\/.*$/gm, "")) as Record<string, unknown>;
}

/** The workspace's settings, with the catalogue of schemas on the internet left out. */
export function editorSettings(): Record<string, unknown> {
  return {
    ...editorFile("settings.json"),
    "yaml.schemaStore.enable": false,
    "yaml.validate": true,
    "yaml.hover": true,
    "yaml.completion": true,
  };
}
