import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  getLanguageService,
  TextDocument,
  type Diagnostic,
  type LanguageService,
} from "vscode-json-languageservice";
import { WORKSPACE, editorFile } from "./workspace.ts";
import type { Finding } from "./yaml-language-server.ts";

/** VS Code's JSON language service with the workspace's settings. */
function createService(): LanguageService {
  const service = getLanguageService({
    schemaRequestService: (uri) => readFile(new URL(uri), "utf8"),
    workspaceContext: { resolveRelativePath: (relative, resource) => new URL(relative, resource).href },
  });
  const associations = editorFile("settings.json")["json.schemas"] as { fileMatch: string[]; url: string }[];
  service.configure({
    validate: true,
    // As VS Code's client does it: paths are the workspace's.
    schemas: associations.map(({ fileMatch, url }) => ({
      fileMatch: fileMatch.map((pattern) => pathToFileURL(WORKSPACE).href + pattern),
      uri: pathToFileURL(path.join(WORKSPACE, url)).href,
    })),
  });
  return service;
}

const service = createService();

/** What is wrong with a JSON text by one of the schemas in `schemas/`. */
export async function jsonDiagnostics(schema: string, text: string): Promise<Finding[]> {
  const url = pathToFileURL(path.join(WORKSPACE, "schemas", schema));
  const document = TextDocument.create("file:///text.json", "json", 1, text);
  const parsed = service.parseJSONDocument(document);
  const content = JSON.parse(await readFile(url, "utf8")) as object;
  const found = await service.doValidation(document, parsed, undefined, content);
  return found.map(findingOf);
}

/** What the editor says of a file of the workspace, by the associations of its settings. */
export function openJson(file: string, marked: string) {
  const offset = marked.indexOf("|");
  const uri = pathToFileURL(path.join(WORKSPACE, file)).href;
  const document = TextDocument.create(uri, "json", 1, marked.replace("|", ""));
  const parsed = service.parseJSONDocument(document);
  const position = document.positionAt(Math.max(0, offset));
  return {
    async diagnostics(): Promise<Finding[]> {
      const found = await service.doValidation(document, parsed);
      return found.map(findingOf);
    },
    async completions(): Promise<string[]> {
      const list = await service.doComplete(document, position, parsed);
      return (list?.items ?? []).map(({ label }) => label);
    },
    async hover(): Promise<string> {
      const hover = await service.doHover(document, position, parsed);
      return JSON.stringify(hover?.contents ?? "");
    },
  };
}

function findingOf({ range, message }: Diagnostic): Finding {
  return { line: range.start.line + 1, message: typeof message === "string" ? message : message.value };
}
