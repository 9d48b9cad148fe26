import type { FlowFiles, StepDefinition } from "../model/flow.ts";
import { HISTORY_NAMES } from "./chat-history.ts";
import { decodeText } from "./decode-text.ts";
import type { Findings } from "./diagnostics.ts";
import { findCycles } from "./find-cycles.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { missingPathRemedy } from "./flow-paths.ts";
import { TemplateError } from "./jinja/template-error.ts";
import { nearestName, suggestion } from "./nearest-name.ts";
import { parsePrompty } from "./parse-prompty.ts";
import { stepPath } from "./parse-steps.ts";
import type { ParsedYaml } from "./parse-yaml.ts";
import type { Prompty } from "./prompty.ts";
import { templateOf } from "./render-messages.ts";
import { stepTemplates, usesOfPrompt, usesOfTemplate, type StepUse } from "./step-templates.ts";

/** A message that names more steps than this is not read to its end. */
const SHOWN_STEPS = 10;

/** A step with the names it uses, as far as its templates and its prompt can be read. */
export interface CheckedStep {
  step: StepDefinition;
  prompt: Prompty | undefined;
  uses: StepUse[];
  /** Those that its prompt takes under their own name. */
  taken: StepUse[];
}

/** Reads the steps' templates and prompts, and refuses steps that wait for each other. */
export function checkSteps(
  steps: readonly StepDefinition[],
  files: FlowFiles,
  connections: readonly string[] | undefined,
  yaml: ParsedYaml,
  findings: Findings,
): CheckedStep[] {
  const prompts = new Map<string, Prompty | undefined>();
  const checked = steps.map((step): CheckedStep => {
    const uses = stepTemplates(step).flatMap((template) => {
      try {
        return usesOfTemplate(template);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        const place = yaml.placeOf(stepPath(yaml, step.name, ...template.at));
        findings.error(FLOW_FILE, place, `The template of step ${step.name}: ${error.message}`);
        return [];
      }
    });
    checkConnection(step, connections, yaml, findings);
    if (step.kind !== "prompt") return { step, prompt: undefined, uses, taken: [] };
    if (!prompts.has(step.prompt)) prompts.set(step.prompt, readPrompt(step, files, yaml, findings));
    const prompt = prompts.get(step.prompt);
    if (prompt === undefined) return { step, prompt, uses, taken: [] };
    checkInputs(step.name, step.inputs, prompt, yaml, findings);
    return { step, prompt, uses, taken: usesOfPrompt(step.inputs, prompt) };
  });
  checkOrder(checked, yaml, findings);
  return checked;
}

function readPrompt(
  step: Extract<StepDefinition, { kind: "prompt" }>,
  files: FlowFiles,
  yaml: ParsedYaml,
  findings: Findings,
): Prompty | undefined {
  const bytes = files.get(step.prompt);
  if (bytes === undefined) {
    const place = yaml.placeOf(stepPath(yaml, step.name, "prompt"));
    findings.error(
      FLOW_FILE,
      place,
      `There is no file ${step.prompt}.`,
      missingPathRemedy(step.prompt, files),
    );
    return undefined;
  }
  const text = decodeText(step.prompt, bytes, findings);
  const parsed = text === undefined ? undefined : parsePrompty(step.prompt, text, files);
  findings.list.push(...(parsed?.diagnostics ?? []));
  return parsed?.prompt;
}

function checkInputs(
  name: string,
  given: Readonly<Record<string, unknown>>,
  prompt: Prompty,
  yaml: ParsedYaml,
  findings: Findings,
): void {
  const used = new Set(templateOf(prompt).names.map((use) => use.name));
  for (const input of prompt.inputs) used.add(input.name);
  for (const key of Object.keys(given)) {
    if (used.has(key) || HISTORY_NAMES.includes(key)) continue;
    const place = yaml.placeOf(stepPath(yaml, name, "inputs", key), "key");
    const message = `The step ${name} gives ${key}, which ${prompt.path} does not use.`;
    findings.warning(FLOW_FILE, place, message, suggestion(key, [...used], "inputs"));
  }
}

function checkConnection(
  step: StepDefinition,
  known: readonly string[] | undefined,
  yaml: ParsedYaml,
  findings: Findings,
): void {
  if (step.kind !== "search" || known === undefined || known.includes(step.connection)) return;
  const place = yaml.placeOf(stepPath(yaml, step.name, "retrieve", "connection"));
  const message = `There is no connection ${step.connection}.`;
  const remedy = `${suggestion(step.connection, known, "connections")} They are set by FLOWGATE_CONNECTIONS.`;
  findings.error(FLOW_FILE, place, message, remedy);
}

function checkOrder(checked: readonly CheckedStep[], yaml: ParsedYaml, findings: Findings): void {
  const names = new Set(checked.map(({ step }) => step.name));
  const usesOf = new Map(checked.map(({ step, uses, taken }) => [step.name, [...uses, ...taken]]));
  const needs = new Map(
    [...usesOf].map(([name, uses]) => [
      name,
      [...new Set(uses.map((use) => use.name).filter((used) => names.has(used)))],
    ]),
  );
  for (const cycle of findCycles(needs)) {
    const [first = "", second = first] = cycle;
    const at = usesOf.get(first)?.find(({ name }) => name === second)?.at ?? [];
    const place = yaml.placeOf(stepPath(yaml, first, ...at));
    if (cycle.length === 1) {
      const message = `The step ${first} uses its own result.`;
      findings.error(
        FLOW_FILE,
        place,
        message,
        "Give it another input, or rename the step if an input was meant.",
      );
      continue;
    }
    const shown = cycle.slice(0, SHOWN_STEPS);
    const more = cycle.length > SHOWN_STEPS ? ` and ${cycle.length - SHOWN_STEPS} more` : "";
    const links = shown.map((name, index) => `${name} uses ${cycle[(index + 1) % cycle.length]}`);
    const message = `The steps ${shown.join(", ")}${more} wait for each other: ${links.join(", ")}.`;
    findings.error(FLOW_FILE, place, message, "Let one of them do without the other's result.");
  }
}

/** Names that inputs may have: `sure` are there in every evaluation, `declared` only when a client sends them. */
export interface KnownInputs {
  sure: ReadonlySet<string>;
  declared: ReadonlySet<string>;
}

/** Holds what the steps use against the inputs and the steps there are. Returns the names they use. */
export function checkReferences(
  checked: readonly CheckedStep[],
  { sure, declared }: KnownInputs,
  yaml: ParsedYaml,
  findings: Findings,
): Set<string> {
  const used = new Set<string>();
  const supplied = new Set([...sure, ...checked.map(({ step }) => step.name)]);
  const remedyFor = (name: string): string => {
    const near = nearestName(name, supplied);
    return near === undefined
      ? `There are: ${[...supplied].slice(0, 20).join(", ") || "no inputs and no steps"}.`
      : `Did you mean ${near}?`;
  };
  for (const { step, prompt, uses, taken } of checked) {
    const reported = new Set<string>();
    for (const { name, guarded, at } of uses) {
      used.add(name);
      if (guarded || supplied.has(name) || HISTORY_NAMES.includes(name) || reported.has(name)) continue;
      reported.add(name);
      const place = yaml.placeOf(stepPath(yaml, step.name, ...at));
      const message = `The step ${step.name} uses ${name}, which nothing supplies.`;
      const severity = declared.has(name) ? "warning" : "error";
      findings[severity](FLOW_FILE, place, message, remedyFor(name));
    }
    for (const { name } of taken) used.add(name);
    const lacking = [
      ...new Set(taken.filter((use) => !use.guarded && !supplied.has(use.name)).map(({ name }) => name)),
    ];
    const [first] = lacking;
    if (first === undefined || prompt === undefined) continue;
    const required = lacking.some((name) =>
      prompt.inputs.some((input) => input.name === name && input.required),
    );
    const place = yaml.placeOf(stepPath(yaml, step.name, "prompt"));
    const message = `The step ${step.name} does not give ${prompt.path} what it uses: ${lacking.join(", ")}.`;
    const remedy = `Add inputs: { ${first}: ... } to the step. ${remedyFor(first)}`;
    findings[required ? "error" : "warning"](FLOW_FILE, place, message, remedy);
  }
  return used;
}
