import type { StepDefinition } from "../model/flow.ts";
import type { Findings } from "./diagnostics.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { normalPath, PATH_REMEDY, pathProblem } from "./flow-paths.ts";
import type { ParsedYaml } from "./parse-yaml.ts";
import { DEFAULT_TOP, type StepDocument, type StepsDocument } from "./step-schema.ts";

/** What Azure's own samples call the field that holds the vectors. */
const DEFAULT_VECTOR_FIELD = "contentVector";

/** What a step of each kind may say besides `name` and `when`; the first is what makes it that kind. */
const KINDS = {
  lookup: ["by", "equals"],
  retrieve: ["query", "top", "mode", "fields", "minimumScore"],
  prompt: ["inputs", "grounds"],
} as const;
type Kind = keyof typeof KINDS;
const SPECIFIC = [...Object.keys(KINDS), ...Object.values(KINDS).flat()] as (keyof StepDocument)[];

/** Where findings about one step go. */
interface Context {
  name: string;
  at: PropertyKey[];
  yaml: ParsedYaml;
  findings: Findings;
}

/** The steps of `flow.yaml`, written by name or as a list, with their defaults. */
export function parseSteps(
  steps: StepsDocument | undefined,
  yaml: ParsedYaml,
  findings: Findings,
): StepDefinition[] {
  if (!Array.isArray(steps)) {
    return Object.entries(steps ?? {}).flatMap(
      ([name, step]) => parseStep(step, { name, at: ["steps", name], yaml, findings }) ?? [],
    );
  }
  const seen = new Set<string>();
  return steps.flatMap(({ name, ...step }, index) => {
    if (seen.has(name)) {
      const message = `There are two steps ${name}.`;
      findings.error(FLOW_FILE, yaml.placeOf(["steps", index, "name"]), message, "Rename one of them.");
      return [];
    }
    seen.add(name);
    return parseStep(step, { name, at: ["steps", index], yaml, findings }) ?? [];
  });
}

/** The path of a step, or of a part of it, in the YAML of `flow.yaml`, whichever way the steps are written. */
export function stepPath(yaml: ParsedYaml, name: string, ...part: PropertyKey[]): PropertyKey[] {
  const steps = (yaml.value as { steps?: unknown } | null | undefined)?.steps;
  if (!Array.isArray(steps)) return ["steps", name, ...part];
  const index = steps.findIndex((step) => (step as { name?: unknown } | null)?.name === name);
  return ["steps", index, ...part];
}

function parseStep(step: StepDocument, context: Context): StepDefinition | undefined {
  const { name } = context;
  const example = `${name}: { lookup: knowledge/records.jsonl, by: id, equals: "{{ id }}" }`;
  if (step.unsupported !== undefined) return refuseImported(step, context);
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => step[kind] !== undefined);
  const [kind, other] = kinds;
  if (kind === undefined) {
    const message = `The step ${name} says neither lookup, retrieve nor prompt.`;
    return fail(context, message, `Write it as ${example}.`);
  }
  if (other !== undefined) {
    return fail(context, `The step ${name} says both ${kind} and ${other}.`, "Make two steps of it.");
  }
  const allowed: readonly string[] = [kind, ...KINDS[kind]];
  const foreign = SPECIFIC.filter((key) => step[key] !== undefined && !allowed.includes(key));
  if (foreign.length > 0) {
    const message = `The step ${name} is a ${kind}: it has no ${foreign.join(" and no ")}.`;
    const owners = (Object.keys(KINDS) as Kind[]).filter((owner) =>
      foreign.some((key) => KINDS[owner].some((known) => known === key)),
    );
    return fail(context, message, `Those belong to ${owners.join(" and ")}.`, foreign[0]);
  }
  const common = { name, ...(step.when === undefined ? {} : { when: String(step.when) }) };
  if (step.lookup !== undefined) {
    if (step.by === undefined || step.equals === undefined) {
      return fail(context, `The lookup ${name} needs by and equals.`, `Write it as ${example}.`);
    }
    const source = checkedPath(step.lookup, "lookup", context);
    return { kind: "lookup", ...common, source, by: step.by, equals: String(step.equals) };
  }
  if (step.retrieve !== undefined)
    return parseRetrieve({ ...step, retrieve: step.retrieve }, common, context);
  const prompt = checkedPath(step.prompt ?? "", "prompt", context);
  const grounds = step.grounds === true ? { grounds: true } : {};
  return { kind: "prompt", ...common, prompt, inputs: step.inputs ?? {}, ...grounds };
}

function parseRetrieve(
  step: StepDocument & { retrieve: NonNullable<StepDocument["retrieve"]> },
  common: { name: string; when?: string },
  context: Context,
): StepDefinition | undefined {
  const { query, mode, fields, minimumScore } = step;
  if (query === undefined) {
    return fail(context, `The step ${common.name} needs a query.`, 'Add query: "{{ question }}".');
  }
  const top = step.top ?? DEFAULT_TOP;
  const least = minimumScore === undefined ? {} : { minimumScore };
  if (typeof step.retrieve === "string") {
    return {
      kind: "retrieve",
      ...common,
      source: checkedPath(step.retrieve, "retrieve", context),
      query,
      top,
      ...(mode === undefined || mode === "vector" ? {} : { mode }),
      ...(fields === undefined ? {} : { fields }),
      ...least,
    };
  }
  if (mode === "hybrid" && minimumScore !== undefined) {
    const message = `The step ${common.name}: a search service's hybrid score is a rank, which minimumScore cannot bound.`;
    return fail(context, message, "Remove it, or use mode: vector or mode: keyword.", "minimumScore");
  }
  if (mode === "keyword" && fields !== undefined) {
    const message = `The step ${common.name}: fields are the index's vector fields, which mode: keyword does not search.`;
    return fail(context, message, "Remove fields, or use mode: hybrid.", "fields");
  }
  const vectorFields = mode === "keyword" ? [] : (fields ?? [DEFAULT_VECTOR_FIELD]);
  const { connection, index } = step.retrieve;
  return {
    kind: "search",
    ...common,
    connection,
    index,
    query,
    top,
    mode: mode ?? "vector",
    fields: vectorFields,
    ...least,
  };
}

/** A step that `flowgate import` could not carry over is refused here, before anything is pushed. */
function refuseImported({ unsupported, does, instead }: StepDocument, context: Context): undefined {
  const what = does === undefined ? "" : ` It ${does.replace(/\.?$/, ".")}`;
  const message = `The step ${context.name} stands for ${unsupported}, which Flowgate does not run.${what}`;
  return fail(context, message, instead ?? "Replace it by a lookup, retrieve or prompt step, or remove it.");
}

function fail(context: Context, message: string, remedy: string, key?: string): undefined {
  const path = key === undefined ? context.at : [...context.at, key];
  context.findings.error(FLOW_FILE, context.yaml.placeOf(path, "key"), message, remedy);
  return undefined;
}

function checkedPath(written: string, key: string, { at, yaml, findings }: Context): string {
  const problem = pathProblem(written);
  if (problem !== undefined) findings.error(FLOW_FILE, yaml.placeOf([...at, key]), problem, PATH_REMEDY);
  return normalPath(written);
}
