import { PermanentError } from "../errors.ts";
import type { FlowFiles, StepDefinition } from "../model/flow.ts";
import type { VersionManifest } from "../model/version.ts";
import { compileTemplate, type CompiledTemplate } from "./compile-template.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings, hasErrors } from "./diagnostics.ts";
import { fieldText } from "./field-text.ts";
import { parsePrompty } from "./parse-prompty.ts";
import type { Prompty } from "./prompty.ts";
import { readRecords, type FileRecord } from "./records.ts";
import { templateOf } from "./render-messages.ts";

/** A version in memory, ready to answer: nothing is parsed or searched linearly by key any more. */
export interface LoadedFlow {
  definition: VersionManifest["definition"];
  prompt: Prompty;
  steps: LoadedStep[];
}

export type LoadedStep = {
  name: string;
  /** The step's query or key, as a template over the inputs. */
  template: CompiledTemplate;
  /** Earlier steps whose results the template uses. */
  needs: string[];
} & (
  | { kind: "lookup"; records: ReadonlyMap<string, Record<string, unknown>> }
  | { kind: "retrieve"; top: number; records: Record<string, unknown>[]; vectors: Float32Array[] }
);

/**
 * Makes a version ready. `vectors` holds, for each retrieved source, one vector per record in the order of
 * `readRecords`. Throws `PermanentError` for files that `validateFlow` would have refused.
 */
export function loadFlow(
  definition: VersionManifest["definition"],
  files: FlowFiles,
  vectors: ReadonlyMap<string, Float32Array[]>,
): LoadedFlow {
  const prompt = loadPrompt(definition, files);
  // Parsed here, so that the first question does not wait for it.
  templateOf(prompt);
  const records = new Map<string, Record<string, unknown>[]>();
  for (const { source } of definition.steps) {
    if (records.has(source)) continue;
    const read = readRecords(source, files);
    const [problem] = read.diagnostics;
    if (problem !== undefined)
      throw new PermanentError(`${problem.file}:${problem.line}: ${problem.message}`);
    records.set(
      source,
      read.records.map(({ value }: FileRecord) => value),
    );
  }
  return {
    definition,
    prompt,
    steps: definition.steps.map((step, index) =>
      loadStep(
        step,
        definition.steps.slice(0, index),
        records.get(step.source) ?? [],
        vectors.get(step.source),
      ),
    ),
  };
}

function loadPrompt(definition: VersionManifest["definition"], files: FlowFiles): Prompty {
  const bytes = files.get(definition.prompt);
  if (bytes === undefined) throw new PermanentError(`The version has no file ${definition.prompt}.`);
  const findings = createFindings();
  const text = decodeText(definition.prompt, bytes, findings) ?? "";
  const { prompt, diagnostics } = parsePrompty(definition.prompt, text, files);
  const problem = [...findings.list, ...diagnostics].find(({ severity }) => severity === "error");
  if (prompt === undefined || hasErrors(findings.list)) {
    throw new PermanentError(`${problem?.file}:${problem?.line}: ${problem?.message}`);
  }
  return prompt;
}

function loadStep(
  step: StepDefinition,
  earlier: StepDefinition[],
  records: Record<string, unknown>[],
  vectors: Float32Array[] | undefined,
): LoadedStep {
  const template = compileTemplate(step.kind === "lookup" ? step.equals : step.query, "jinja2");
  const used = new Set(template.names.map(({ name }) => name));
  const needs = earlier.map(({ name }) => name).filter((name) => used.has(name));
  const common = { name: step.name, template, needs };
  if (step.kind === "lookup") {
    const byKey = new Map<string, Record<string, unknown>>();
    for (const record of records) {
      const key = fieldText(record, step.by);
      // The first of several records with the same key stands.
      if (key !== undefined && !byKey.has(key)) byKey.set(key, record);
    }
    return { ...common, kind: "lookup", records: byKey };
  }
  if (vectors?.length !== records.length) {
    throw new PermanentError(
      `${step.source} has ${records.length} records and ${vectors?.length ?? 0} vectors.`,
    );
  }
  return { ...common, kind: "retrieve", top: step.top, records, vectors };
}
