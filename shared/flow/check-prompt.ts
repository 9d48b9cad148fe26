import type { StepDefinition } from "../model/flow.ts";
import { HISTORY_NAMES } from "./chat-history.ts";
import { compileTemplate, type CompiledTemplate } from "./compile-template.ts";
import type { PlacedRow } from "./dataset-rows.ts";
import type { Findings, Place } from "./diagnostics.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { positionAt, TemplateError } from "./jinja/template-error.ts";
import { nearestName } from "./nearest-name.ts";
import type { ParsedYaml } from "./parse-yaml.ts";
import type { Prompty } from "./prompty.ts";
import { templateOf } from "./render-messages.ts";

const SHOWN_LINES = 5;

/** Holds what the prompt and the steps use against what rows, steps and defaults supply. */
export function checkPrompt(
  prompt: Prompty,
  steps: readonly StepDefinition[],
  rows: readonly PlacedRow[],
  yaml: ParsedYaml,
  findings: Findings,
): void {
  const rowFields = new Set(rows.flatMap(({ fields }) => Object.keys(fields)));
  const stepNames = steps.map(({ name }) => name);
  const defaults = prompt.inputs.filter((input) => input.default !== undefined).map(({ name }) => name);
  const supplied = new Set([...rowFields, ...stepNames, ...defaults]);
  const used = checkSteps(steps, new Set([...rowFields, ...defaults]), yaml, findings);
  const { names } = templateOf(prompt);
  for (const { name } of names) used.add(name);

  const reported = new Set<string>();
  for (const { name, at, guarded, looped } of names) {
    const input = prompt.inputs.find((declared) => declared.name === name);
    const place = placeIn(prompt, at);
    if (looped && input?.type === "object" && !reported.has(`loop ${name}`)) {
      reported.add(`loop ${name}`);
      const message = `${name} is declared as an object and looped over: the loop visits its field names.`;
      findings.warning(
        prompt.path,
        place,
        message,
        `Loop over ${name}.items(), or declare the input as a list.`,
      );
    }
    if (guarded || supplied.has(name) || input?.required === true || reported.has(name)) continue;
    reported.add(name);
    const near =
      HISTORY_NAMES.find((other) => HISTORY_NAMES.includes(name) && supplied.has(other)) ??
      nearestName(name, supplied);
    const remedy =
      near === undefined ? `Supplied are: ${[...supplied].join(", ")}.` : `Did you mean ${near}?`;
    findings.warning(prompt.path, place, `The template uses ${name}, which nothing supplies.`, remedy);
  }
  for (const input of prompt.inputs) {
    const place = { line: input.line, column: 1 };
    if (input.required && input.default === undefined)
      checkRequired(prompt, input.name, place, stepNames, rows, findings);
    if (used.has(input.name) || input.type === "thread" || HISTORY_NAMES.includes(input.name)) continue;
    const near = nearestName(input.name, used);
    const remedy = near === undefined ? "Remove it, or use it." : `Did you mean ${near}?`;
    findings.warning(prompt.path, place, `Nobody uses the input ${input.name}.`, remedy);
  }
  checkUserMessage(prompt, findings);
}

function checkRequired(
  prompt: Prompty,
  name: string,
  place: Place,
  steps: string[],
  rows: readonly PlacedRow[],
  findings: Findings,
): void {
  if (steps.includes(name)) return;
  const lacking = rows.filter(({ fields }) => fields[name] === undefined);
  if (lacking.length === 0) return;
  const where = lacking.slice(0, SHOWN_LINES).map(({ file, line }) => `${file}:${line}`);
  const more = lacking.length > SHOWN_LINES ? ` and ${lacking.length - SHOWN_LINES} more` : "";
  const message = `The prompt requires ${name}, which ${lacking.length} of ${rows.length} rows lack: ${where.join(", ")}${more}.`;
  findings.error(prompt.path, place, message, "Add it to the rows, give it a default, or do not require it.");
}

/** The names that the steps' templates use. */
function checkSteps(
  steps: readonly StepDefinition[],
  inputs: ReadonlySet<string>,
  yaml: ParsedYaml,
  findings: Findings,
): Set<string> {
  const used = new Set<string>();
  const earlier = new Set(inputs);
  for (const [index, step] of steps.entries()) {
    const field = step.kind === "lookup" ? "equals" : "query";
    const place = yaml.placeOf(["steps", step.name, field]);
    const template = compiledStep(step, place, findings);
    for (const { name, guarded } of template?.names ?? []) {
      const known = used.has(name);
      used.add(name);
      if (guarded || known || earlier.has(name)) continue;
      if (steps.slice(index).some((later) => later.name === name)) {
        const message = `The step ${step.name} uses ${name}, which runs after it.`;
        findings.error(FLOW_FILE, place, message, `Move ${name} before ${step.name}.`);
      } else if (!HISTORY_NAMES.includes(name)) {
        const near = nearestName(name, earlier);
        const remedy =
          near === undefined ? `Supplied are: ${[...earlier].join(", ")}.` : `Did you mean ${near}?`;
        findings.warning(
          FLOW_FILE,
          place,
          `The step ${step.name} uses ${name}, which nothing supplies.`,
          remedy,
        );
      }
    }
    earlier.add(step.name);
  }
  return used;
}

function compiledStep(step: StepDefinition, place: Place, findings: Findings): CompiledTemplate | undefined {
  try {
    return compileTemplate(step.kind === "lookup" ? step.equals : step.query, "jinja2");
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    findings.error(FLOW_FILE, place, `The template of step ${step.name}: ${error.message}`);
    return undefined;
  }
}

const USER =
  /^[ \t]{0,20}#?[ \t]{0,20}user[ \t]{0,20}(\[[^\]\n]{0,200}\])?[ \t]{0,20}:[ \t]*$|^[ \t]{0,20}\{\{[^{}\n]{0,200}\.role[ \t]{0,20}\}\}[ \t]{0,20}:[ \t]*$/im;

function checkUserMessage(prompt: Prompty, findings: Findings): void {
  if (USER.test(prompt.template)) return;
  const message = "The template has no user message: the model is only given instructions.";
  const remedy = "Add a line user: and the question below it.";
  findings.warning(prompt.path, { line: prompt.templateLine, column: 1 }, message, remedy);
}

function placeIn(prompt: Prompty, offset: number): Place {
  const { line, column } = positionAt(prompt.template, offset);
  return { line: line + prompt.templateLine - 1, column };
}
