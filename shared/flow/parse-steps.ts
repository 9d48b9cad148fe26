import type { StepDefinition } from "../model/flow.ts";
import { checkedPath, type FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { isFields } from "./prompty-property.ts";
import { DEFAULT_TOP, listedStepSchema, stepName, type StepDocument } from "./step-schema.ts";
import { stepTemplates, writtenTemplates, type StepTemplate } from "./step-templates.ts";
import { wellFormedFields } from "./well-formed-fields.ts";

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
const KNOWN = Object.keys(listedStepSchema.shape);

/** A step of `flow.yaml`, as far as it could be read. */
export interface ReadStep {
  /** Undefined where it has none of its own. */
  name: string | undefined;
  /** What messages call it: the name that is written, or where it stands. */
  shown: string;
  /** The path to it in `flow.yaml`. */
  at: PropertyKey[];
  /** Undefined where it does not say what it does. */
  definition: StepDefinition | undefined;
  /** Its parts that are missing or could not be read; `definition` has something empty in place of them. */
  broken: ReadonlySet<string>;
  templates: StepTemplate[];
  /** All of it as text. */
  source: string;
}

/** What is read of one step, and where findings about it go. */
interface Context extends FlowContext {
  /** For messages: its name, or where it stands. */
  name: string;
  at: PropertyKey[];
  broken: Set<string>;
}

/**
 * The steps of `flow.yaml` as they are written, by name or as a list, with their defaults. What is of another form than
 * their schema asks for has been reported.
 */
export function parseSteps(written: unknown, context: FlowContext): ReadStep[] {
  if (!Array.isArray(written)) {
    return Object.entries(isFields(written) ? written : {}).map(([name, step]) =>
      readStep(name, step, ["steps", name], context),
    );
  }
  const seen = new Set<string>();
  return written.map((step: unknown, index) => {
    const at = ["steps", index];
    const name = isFields(step) && typeof step.name === "string" ? step.name : undefined;
    const read = readStep(name, step, at, context);
    if (read.name === undefined || !seen.has(read.name)) {
      if (read.name !== undefined) seen.add(read.name);
      return read;
    }
    const place = context.yaml.placeOf([...at, "name"]);
    context.findings.error(FLOW_FILE, place, `There are two steps ${name}.`, "Rename one of them.");
    return { ...read, name: undefined };
  });
}

function readStep(
  written: string | undefined,
  value: unknown,
  at: PropertyKey[],
  context: FlowContext,
): ReadStep {
  const name = stepName.safeParse(written).success ? written : undefined;
  const { fields = {}, broken = new Set<string>() } = wellFormedFields(listedStepSchema, value) ?? {};
  const shown = written ?? at.map(String).join(".");
  const definition = isFields(value) ? parseStep(fields, { ...context, name: shown, at, broken }) : undefined;
  const templates = definition === undefined ? writtenTemplates(fields) : stepTemplates(definition);
  const source = JSON.stringify(value) ?? "";
  return { name, shown, at, definition, broken, templates, source };
}

function parseStep(step: Partial<StepDocument>, context: Context): StepDefinition | undefined {
  const { name, broken } = context;
  const example = `${name}: { lookup: knowledge/records.jsonl, by: id, equals: "{{ id }}" }`;
  if (step.unsupported !== undefined) return refuseImported(step, context);
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => step[kind] !== undefined || broken.has(kind));
  const [kind, other] = kinds;
  if (kind === undefined) {
    // A key that is not known may have been meant to say it.
    const unknown = [...broken].some((key) => !KNOWN.includes(key));
    const message = `The step ${name} says neither lookup, retrieve nor prompt.`;
    return unknown ? undefined : fail(context, message, `Write it as ${example}.`);
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
    fail(context, message, `Those belong to ${owners.join(" and ")}.`, foreign[0]);
  }
  const common = { name, ...(step.when === undefined ? {} : { when: String(step.when) }) };
  if (kind === "retrieve") return parseRetrieve(step, common, context);
  if (kind === "prompt") {
    const prompt = pathOf(step.prompt, kind, context);
    const grounds = step.grounds === true ? { grounds: true } : {};
    return { kind, ...common, prompt, inputs: step.inputs ?? {}, ...grounds };
  }
  const source = pathOf(step.lookup, kind, context);
  const { by = "", equals = "" } = step;
  const missing = (["by", "equals"] as const).filter((key) => step[key] === undefined && !broken.has(key));
  if (missing.length > 0) {
    fail(context, `The lookup ${name} needs by and equals.`, `Write it as ${example}.`);
    for (const key of missing) broken.add(key);
  }
  return { kind, ...common, source, by, equals: String(equals) };
}

function parseRetrieve(
  step: Partial<StepDocument>,
  common: { name: string; when?: string },
  context: Context,
): StepDefinition | undefined {
  const { retrieve, query = "", top = DEFAULT_TOP, mode, fields, minimumScore } = step;
  const { name, broken } = context;
  if (step.query === undefined && !broken.has("query")) {
    fail(context, `The step ${name} needs a query.`, 'Add query: "{{ question }}".');
    broken.add("query");
  }
  if (retrieve === undefined) return undefined;
  const least = minimumScore === undefined ? {} : { minimumScore };
  if (typeof retrieve === "string") {
    return {
      kind: "retrieve",
      ...common,
      source: pathOf(retrieve, "retrieve", context),
      query,
      top,
      ...(mode === undefined || mode === "vector" ? {} : { mode }),
      ...(fields === undefined ? {} : { fields }),
      ...least,
    };
  }
  if (mode === "hybrid" && minimumScore !== undefined) {
    const message = `The step ${name}: a search service's hybrid score is a rank, which minimumScore cannot bound.`;
    fail(context, message, "Remove it, or use mode: vector or mode: keyword.", "minimumScore");
  }
  if (mode === "keyword" && fields !== undefined) {
    const message = `The step ${name}: fields are the index's vector fields, which mode: keyword does not search.`;
    fail(context, message, "Remove fields, or use mode: hybrid.", "fields");
  }
  const { connection, index } = retrieve;
  return {
    kind: "search",
    ...common,
    connection,
    index,
    query,
    top,
    mode: mode ?? "vector",
    fields: mode === "keyword" ? [] : (fields ?? [DEFAULT_VECTOR_FIELD]),
    ...least,
  };
}

/** A step that `flowgate import` could not carry over is refused here, before anything is pushed. */
function refuseImported({ unsupported, does, instead }: Partial<StepDocument>, context: Context): undefined {
  const what = does === undefined ? "" : ` It ${does.replace(/\.?$/, ".")}`;
  const message = `The step ${context.name} stands for ${unsupported}, which Flowgate does not run.${what}`;
  return fail(context, message, instead ?? "Replace it by a lookup, retrieve or prompt step, or remove it.");
}

function fail(context: Context, message: string, remedy: string, key?: string): undefined {
  const path = key === undefined ? context.at : [...context.at, key];
  context.findings.error(FLOW_FILE, context.yaml.placeOf(path, "key"), message, remedy);
  return undefined;
}

/** The path that a step names; "" where there is none that could be read. */
function pathOf(written: unknown, key: string, context: Context): string {
  const path = typeof written === "string" ? checkedPath(written, [...context.at, key], context) : undefined;
  if (path === undefined) context.broken.add(key);
  return path ?? "";
}
