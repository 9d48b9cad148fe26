import type { StepDefinition } from "../model/flow.ts";
import { HISTORY_NAMES } from "./chat-history.ts";
import { findCycles } from "./find-cycles.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { TemplateError } from "./jinja/template-error.ts";
import type { CheckContext } from "./meant-file.ts";
import { suggestion } from "./nearest-name.ts";
import type { ReadStep } from "./parse-steps.ts";
import type { PromptyDraft } from "./prompty.ts";
import { readPrompt } from "./read-prompt.ts";
import { templateOf } from "./render-messages.ts";
import { usesOfPrompt, usesOfTemplate, type StepUse } from "./step-templates.ts";
import type { Unread } from "./unread.ts";

/** A message that names more steps than this is not read to its end. */
const SHOWN_STEPS = 10;

/** A step with the names it uses, as far as its templates and its prompt can be read. */
export interface CheckedStep extends Pick<ReadStep, "name" | "shown" | "at" | "definition"> {
  draft: PromptyDraft | undefined;
  uses: StepUse[];
  /** Those that its prompt takes under their own name. */
  taken: StepUse[];
}

/**
 * Reads the steps' templates and prompts, and refuses steps that wait for each other. What of them cannot be read goes
 * to `unread`: what the steps may use.
 */
export function checkSteps(steps: readonly ReadStep[], context: CheckContext, unread: Unread): CheckedStep[] {
  const { yaml, findings } = context;
  const drafts = new Map<string, PromptyDraft | undefined>();
  const checked = steps.map((step): CheckedStep => {
    const { name, shown, at, definition, broken } = step;
    const uses = step.templates.flatMap((template) => {
      try {
        return usesOfTemplate(template);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        const place = yaml.placeOf([...at, ...template.at]);
        const remedy = "Correct the template; docs/steps.md shows how steps are written.";
        findings.error(FLOW_FILE, place, `The template of step ${shown}: ${error.message}`, remedy);
        unread.addText(template.source);
        return [];
      }
    });
    if (definition === undefined || broken.size > 0) unread.addText(step.source);
    const read = { name, shown, at, definition, draft: undefined, uses, taken: [] };
    if (definition === undefined) return read;
    checkConnection(definition, at, context);
    if (definition.kind !== "prompt") return read;
    const path = definition.prompt;
    if (!drafts.has(path) && !broken.has("prompt")) {
      drafts.set(path, readPrompt(path, yaml.placeOf([...at, "prompt"]), context));
    }
    const draft = drafts.get(path);
    if (draft === undefined) {
      unread.addAnything();
      return read;
    }
    const names = draft.hasTemplate ? templateOf(draft.prompt).names : [];
    if (draft.hasTemplate) checkInputs(step, definition.inputs, draft, context);
    // Whether there is a default for a name may stand in what could not be read.
    const taken = usesOfPrompt(definition.inputs, draft.prompt, names).map((use) =>
      draft.unread.mayKnow(use.name, []) ? { ...use, guarded: true } : use,
    );
    return { ...read, draft, taken };
  });
  checkOrder(checked, context);
  return checked;
}

function checkInputs(
  { shown, at }: ReadStep,
  given: Readonly<Record<string, unknown>>,
  { prompt, unread }: PromptyDraft,
  { yaml, findings }: FlowContext,
): void {
  const used = new Set(templateOf(prompt).names.map((use) => use.name));
  for (const input of prompt.inputs) used.add(input.name);
  for (const key of Object.keys(given)) {
    if (used.has(key) || HISTORY_NAMES.includes(key) || unread.mayKnow(key, [])) continue;
    const place = yaml.placeOf([...at, "inputs", key], "key");
    const message = `The step ${shown} gives ${key}, which ${prompt.path} does not use.`;
    findings.warning(FLOW_FILE, place, message, suggestion(key, [...used], "inputs"));
  }
}

function checkConnection(
  step: StepDefinition,
  at: PropertyKey[],
  { yaml, findings, known: { connections } }: FlowContext,
): void {
  if (step.kind !== "search" || connections === undefined || connections.includes(step.connection)) return;
  const place = yaml.placeOf([...at, "retrieve", "connection"]);
  const message = `There is no connection ${step.connection}.`;
  const remedy = `${suggestion(step.connection, connections, "connections")} They are set by FLOWGATE_CONNECTIONS.`;
  findings.error(FLOW_FILE, place, message, remedy);
}

function checkOrder(checked: readonly CheckedStep[], { yaml, findings }: FlowContext): void {
  const named = new Map<string, CheckedStep>();
  for (const step of checked) {
    if (step.name !== undefined && !named.has(step.name)) named.set(step.name, step);
  }
  const needs = new Map(
    [...named].map(([name, { uses, taken }]) => [
      name,
      [...new Set([...uses, ...taken].map((use) => use.name).filter((used) => named.has(used)))],
    ]),
  );
  for (const cycle of findCycles(needs)) {
    const [first = "", second = first] = cycle;
    const step = named.get(first);
    const part =
      [...(step?.uses ?? []), ...(step?.taken ?? [])].find(({ name }) => name === second)?.at ?? [];
    const place = yaml.placeOf([...(step?.at ?? []), ...part]);
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
