import path from "node:path";
import { fileURLToPath } from "node:url";
import { findImport } from "../../../cli/import/find-import.ts";
import { importFolder, type ImportResult } from "../../../cli/import/import-folder.ts";
import { knownNames } from "../../../shared/evaluators/known-names.ts";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";
import type { Diagnostic } from "../../../shared/model/flow.ts";
import { folderWith } from "../sample-flow.ts";

export const FIXTURES = fileURLToPath(new URL("fixtures", import.meta.url));

export interface Imported extends ImportResult {
  /** What `flowgate validate` says of the new flow; undefined where nothing would be written. */
  problems: Diagnostic[] | undefined;
  text(file: string): string;
  rows(file: string): Record<string, unknown>[];
}

/** Imports a fixture, or files written for the test. */
export async function importFixture(name: string, run?: string): Promise<Imported> {
  return importAt(path.join(FIXTURES, name), run);
}

export async function importTexts(texts: Record<string, string>, named = ""): Promise<Imported> {
  return importAt(path.join(await folderWith(texts), named));
}

async function importAt(folder: string, run?: string): Promise<Imported> {
  const result = await importFolder(await findImport(folder), { name: undefined, run });
  const text = (file: string): string => {
    const found = result.files?.get(file);
    if (found === undefined)
      throw new Error(`No ${file} among ${[...(result.files?.keys() ?? [])].join(", ")}`);
    return Buffer.from(found).toString();
  };
  const bytes =
    result.files && new Map([...result.files].map(([file, content]) => [file, Buffer.from(content)]));
  return {
    ...result,
    problems: bytes && validateFlow(bytes, knownNames()).diagnostics,
    text,
    rows: (file) =>
      text(file)
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

/** A flow of one llm node, with what a test changes in it. */
export function dagWith(parts: { inputs?: string; node?: string; more?: string } = {}): string {
  return `inputs:
${parts.inputs ?? "  question:\n    type: string"}
outputs:
  answer:
    type: string
    reference: \${chat.output}
nodes:
- name: chat
  type: llm
  source:
    type: code
    path: chat.jinja2
  inputs:
    deployment_name: gpt-4o
    question: \${inputs.question}
${parts.node ?? ""}  connection: aoai
  api: chat
${parts.more ?? ""}`;
}

export const CHAT_TEMPLATE = "system:\nBe kind.\nuser:\n{{question}}\n";

/** Findings as `file:line message`, to compare. */
export function said(list: readonly Diagnostic[]): string[] {
  return list.map(({ file, line, message }) => `${file}:${line} ${message}`);
}
