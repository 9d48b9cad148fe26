import { PermanentError } from "../errors.ts";
import type { FlowFiles } from "../model/flow.ts";
import type { VersionManifest } from "../model/version.ts";
import { findCycles } from "./find-cycles.ts";
import { loadStep, type LoadedStep, type StepParts } from "./load-step.ts";
import { loadPrompt } from "./load-prompt.ts";
import type { Prompty } from "./prompty.ts";
import { readRecords } from "./records.ts";

/** A version in memory, ready to answer: nothing is parsed or searched linearly by key any more. */
export interface LoadedFlow {
  definition: VersionManifest["definition"];
  prompt: Prompty;
  steps: LoadedStep[];
}

/**
 * Makes a version ready. `vectors` holds, by the key of `vectorSets`, one vector per record in the order of
 * `readRecords`. Throws `PermanentError` for files that `validateFlow` would have refused.
 */
export function loadFlow(
  definition: VersionManifest["definition"],
  files: FlowFiles,
  vectors: ReadonlyMap<string, Float32Array[]>,
): LoadedFlow {
  const prompts = new Map<string, Prompty>();
  const prompt = (path: string): Prompty => {
    const loaded = prompts.get(path) ?? loadPrompt(path, files);
    prompts.set(path, loaded);
    return loaded;
  };
  const sources = new Map<string, Record<string, unknown>[]>();
  const records = (source: string): Record<string, unknown>[] => {
    const read = sources.get(source) ?? loadRecords(source, files);
    sources.set(source, read);
    return read;
  };
  const parts: StepParts = { steps: definition.steps, records, prompt, vectors };
  const steps = definition.steps.map((step) => loadStep(step, parts));
  const [cycle] = findCycles(new Map(steps.map(({ name, needs }) => [name, needs])));
  if (cycle !== undefined) throw new PermanentError(`The steps ${cycle.join(", ")} wait for each other.`);
  return { definition, prompt: prompt(definition.prompt), steps };
}

function loadRecords(source: string, files: FlowFiles): Record<string, unknown>[] {
  const { records, diagnostics } = readRecords(source, files);
  const problem = diagnostics.find(({ severity }) => severity === "error");
  if (problem !== undefined) throw new PermanentError(`${problem.file}:${problem.line}: ${problem.message}`);
  return records.map(({ value }) => value);
}
