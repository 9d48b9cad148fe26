import { PermanentError } from "../errors.ts";
import type { LookupStep, PromptStep, RetrieveStep, SearchStep, StepDefinition } from "../model/flow.ts";
import { compileCondition, compileValue, type Compiled } from "./compile-expression.ts";
import { compileTemplate, type CompiledTemplate } from "./compile-template.ts";
import { fieldText } from "./field-text.ts";
import { TemplateError } from "./jinja/template-error.ts";
import { createKeywordIndex, type KeywordIndex } from "./keyword-index.ts";
import { vectorSetOf } from "./knowledge-text.ts";
import type { Prompty } from "./prompty.ts";
import { usesOfStep } from "./step-templates.ts";

interface LoadedCommon {
  name: string;
  when: Compiled<boolean> | undefined;
  /** The names its templates and its prompt use: of inputs, and of other steps. */
  uses: ReadonlySet<string>;
  /** Those of them that are steps. */
  needs: string[];
}

interface LoadedLookup {
  kind: "lookup";
  key: CompiledTemplate;
  records: ReadonlyMap<string, Record<string, unknown>>;
}

export interface LoadedRetrieve {
  kind: "retrieve";
  query: CompiledTemplate;
  top: number;
  mode: NonNullable<RetrieveStep["mode"]>;
  records: Record<string, unknown>[];
  /** One a record; none in mode `keyword`. */
  vectors: Float32Array[];
  /** None in mode `vector`. */
  keywords: KeywordIndex | undefined;
  minimumScore: number | undefined;
}

export interface LoadedSearch {
  kind: "search";
  query: CompiledTemplate;
  definition: SearchStep;
}

export interface LoadedPromptStep {
  kind: "prompt";
  prompt: Prompty;
  /** The inputs that the step gives; the other names that the prompt uses are taken as they are. */
  inputs: ReadonlyMap<string, Compiled<unknown>>;
  grounds: boolean;
}

export type LoadedStep = LoadedCommon & (LoadedLookup | LoadedRetrieve | LoadedSearch | LoadedPromptStep);

/** What a version's steps are made of. */
export interface StepParts {
  steps: readonly StepDefinition[];
  records(source: string): Record<string, unknown>[];
  prompt(path: string): Prompty;
  vectors: ReadonlyMap<string, Float32Array[]>;
}

/** Makes a step ready. Throws `PermanentError` for what `validateFlow` would have refused. */
export function loadStep(step: StepDefinition, parts: StepParts): LoadedStep {
  try {
    const uses = new Set(usesOfStep(step, parts.prompt).map(({ name }) => name));
    const needs = parts.steps.map(({ name }) => name).filter((name) => uses.has(name));
    const when = step.when === undefined ? undefined : compileCondition(step.when);
    return { name: step.name, when, uses, needs, ...loadKind(step, parts) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new PermanentError(`The template of step ${step.name}: ${error.message}`, { cause: error });
  }
}

function loadKind(
  step: StepDefinition,
  parts: StepParts,
): LoadedLookup | LoadedRetrieve | LoadedSearch | LoadedPromptStep {
  switch (step.kind) {
    case "lookup":
      return loadLookup(step, parts.records(step.source));
    case "retrieve":
      return loadRetrieve(step, parts);
    case "search":
      return { kind: "search", query: compileTemplate(step.query, "jinja2"), definition: step };
    default:
      return loadPromptStep(step, parts.prompt(step.prompt));
  }
}

function loadLookup(step: LookupStep, records: Record<string, unknown>[]): LoadedLookup {
  const byKey = new Map<string, Record<string, unknown>>();
  for (const record of records) {
    const key = fieldText(record, step.by);
    // The first of several records with the same key stands.
    if (key !== undefined && !byKey.has(key)) byKey.set(key, record);
  }
  return { kind: "lookup", key: compileTemplate(step.equals, "jinja2"), records: byKey };
}

function loadRetrieve(step: RetrieveStep, parts: StepParts): LoadedRetrieve {
  const { mode = "vector", top, minimumScore } = step;
  const records = parts.records(step.source);
  const set = vectorSetOf(step);
  const vectors = set === undefined ? [] : (parts.vectors.get(set.key) ?? []);
  if (set !== undefined && vectors.length !== records.length) {
    throw new PermanentError(`${step.source} has ${records.length} records and ${vectors.length} vectors.`);
  }
  const keywords = mode === "vector" ? undefined : createKeywordIndex(records, step.fields);
  const query = compileTemplate(step.query, "jinja2");
  return { kind: "retrieve", query, top, mode, records, vectors, keywords, minimumScore };
}

function loadPromptStep(step: PromptStep, prompt: Prompty): LoadedPromptStep {
  const inputs = Object.entries(step.inputs).map(([name, value]) => [name, compileInput(value)] as const);
  return { kind: "prompt", prompt, inputs: new Map(inputs), grounds: step.grounds === true };
}

/** An input of a prompt step: texts in it are templates, all else is passed on as it is written. */
export function compileInput(value: unknown): Compiled<unknown> {
  if (typeof value === "string") return compileValue(value);
  if (typeof value !== "object" || value === null) return { names: [], evaluate: () => value };
  const parts = Object.entries(value).map(([key, inner]) => [key, compileInput(inner)] as const);
  return {
    names: parts.flatMap(([, part]) => part.names),
    evaluate: (inputs) =>
      Array.isArray(value)
        ? parts.map(([, part]) => part.evaluate(inputs))
        : Object.fromEntries(parts.map(([key, part]) => [key, part.evaluate(inputs)])),
  };
}
