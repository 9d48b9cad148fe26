import type { ChatMessage } from "../ports/chat-model.ts";
import type { CheckedStep } from "./check-steps.ts";
import { checkRenderedUser } from "./check-user-message.ts";
import { compileCondition } from "./compile-expression.ts";
import type { PlacedRow } from "./dataset-rows.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { missingInputs, withDefaults } from "./input-values.ts";
import { TemplateError } from "./jinja/template-error.ts";
import { UNKNOWN, UnknownValue } from "./jinja/values/unknown.ts";
import { compileInput } from "./load-step.ts";
import type { Prompty, PromptyDraft } from "./prompty.ts";
import { RenderError } from "./render-error.ts";
import { renderMessages, tryTemplate, withOneHistory } from "./render-messages.ts";
import type { RowCheck } from "./row-check.ts";
import { withTurnAfter } from "./row-turns.ts";
import { stepTemplates } from "./step-templates.ts";

/** Of each prompt: the first row of so many datasets, and the longest of all. */
const MOST_FIRST = 3;

/** Renders a prompt, to see what fails. */
type Rendering = (prompt: Prompty, inputs: Fields) => Failure | undefined;

type Fields = Readonly<Record<string, unknown>>;

interface Failure {
  file: string;
  line: number;
  column: number;
  message: string;
}

/**
 * Renders what a turn would, with the first row of a dataset and the longest, and with nothing that a step finds: what
 * depends on that is passed over. What fails fails in every evaluation of the row: an error where no row that was tried
 * goes through, else a warning. Of a row with several turns the first is tried, and the second, whose history holds an
 * answer that is made up: what fails only then is a warning. So is a prompt that no user message comes of.
 */
export function tryRows(
  { prompt, hasTemplate }: PromptyDraft,
  steps: readonly CheckedStep[],
  { yaml, findings }: FlowContext,
): RowCheck {
  const first = new Map<string, PlacedRow>();
  const sources = new Set([
    FLOW_FILE,
    prompt.path,
    ...steps.flatMap(({ draft }) => draft?.prompt.path ?? []),
  ]);
  let longest: { row: PlacedRow; length: number } | undefined;
  let row: PlacedRow | undefined;
  const render: Rendering = (rendered, inputs) => {
    const failure = rendering(rendered, inputs);
    if (failure !== undefined || row === undefined) return failure;
    const messages = messagesOf(rendered, inputs);
    if (messages !== undefined)
      checkRenderedUser(rendered, messages, `the row at ${row.file}:${row.line}`, findings);
    return undefined;
  };
  const trial = (fields: Fields): Failure | undefined => {
    const given = withDefaults(prompt, withOneHistory(prompt, fields));
    const found = Object.fromEntries(
      steps.flatMap(({ name }) => (name === undefined ? [] : [[name, UNKNOWN]])),
    );
    const inputs = { ...given, ...found };
    for (const step of steps) {
      const failure = failureOf(step, inputs, (at) => yaml.placeOf(at), render);
      if (failure !== undefined) return failure;
    }
    return missingInputs(prompt, inputs).length > 0 ? undefined : render(prompt, inputs);
  };
  return {
    add(row) {
      if (!hasTemplate) return;
      if (!first.has(row.file) && first.size < MOST_FIRST) first.set(row.file, row);
      const length = lengthOf(row.fields);
      if (longest === undefined || length > longest.length) longest = { row, length };
    },
    end() {
      // What is wrong already may be why.
      if (findings.list.some(({ severity, file }) => severity === "error" && sources.has(file))) return;
      const rows = [...new Set([...first.values(), ...(longest === undefined ? [] : [longest.row])])];
      const tried = rows.map((next) => {
        row = next;
        return { row: next, turn: "", failure: trial(next.fields) };
      });
      row = undefined;
      const severity = tried.every(({ failure }) => failure !== undefined) ? "error" : "warning";
      for (const row of rows.filter(({ severalTurns = 1 }) => severalTurns > 1))
        tried.push({ row, turn: ", in its second turn", failure: trial(withTurnAfter(row.fields)) });
      const told = new Set<string>();
      for (const { row, turn, failure } of tried) {
        // The same place fails with other rows too.
        if (failure === undefined || told.has(failure.message)) continue;
        const { file, message, ...place } = failure;
        told.add(message);
        const remedy = `That comes of the row at ${row.file}:${row.line}${turn}. Change the template, or the row.`;
        findings[turn === "" ? severity : "warning"](file, place, message, remedy);
      }
    },
  };
}

/** What a step's own templates and its prompt certainly fail with; undefined also for what cannot be told. */
function failureOf(
  { at, definition, draft, shown, taken }: CheckedStep,
  inputs: Fields,
  placeOf: (at: PropertyKey[]) => { line: number; column: number },
  render: Rendering,
): Failure | undefined {
  if (definition === undefined) return undefined;
  const given: Record<string, unknown> = {};
  let part: PropertyKey[] = ["when"];
  try {
    if (definition.when !== undefined && !compileCondition(definition.when).evaluate({ ...inputs }))
      return undefined;
    for (const template of stepTemplates(definition)) {
      part = template.at;
      const [name, key] = template.at;
      if (name === "when") continue;
      const value = known(() => compileInput(template.source).evaluate({ ...inputs }));
      if (name === "inputs" && typeof key === "string")
        given[key] = template.at.length === 2 ? value : UNKNOWN;
    }
  } catch (error) {
    if (error instanceof UnknownValue) return undefined;
    if (!(error instanceof TemplateError)) throw error;
    return {
      file: FLOW_FILE,
      ...placeOf([...at, ...part]),
      message: `The template of step ${shown}: ${error.message}`,
    };
  }
  if (definition.kind !== "prompt" || draft?.hasTemplate !== true) return undefined;
  const asked = taken.flatMap(({ name }) => (Object.hasOwn(inputs, name) ? [[name, inputs[name]]] : []));
  const others = Object.entries(definition.inputs).filter(([name]) => !Object.hasOwn(given, name));
  const values = { ...Object.fromEntries([...asked, ...others]), ...given };
  return missingInputs(draft.prompt, values).length > 0 ? undefined : render(draft.prompt, values);
}

function known(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnknownValue) return UNKNOWN;
    throw error;
  }
}

/** Undefined where they depend on what a step finds, or on what is checked elsewhere. */
function messagesOf(prompt: Prompty, inputs: Fields): ChatMessage[] | undefined {
  try {
    const known = Object.entries(inputs).filter(([, value]) => value !== UNKNOWN);
    if (prompt.format === "mustache" && known.length < Object.keys(inputs).length) return undefined;
    tryTemplate(prompt, inputs);
    return renderMessages(prompt, Object.fromEntries(known));
  } catch (error) {
    if (error instanceof UnknownValue || error instanceof RenderError) return undefined;
    throw error;
  }
}

function rendering(prompt: Prompty, inputs: Fields): Failure | undefined {
  // In Mustache nothing but its length fails.
  if (prompt.format === "mustache" && Object.values(inputs).includes(UNKNOWN)) return undefined;
  try {
    tryTemplate(prompt, inputs);
    return undefined;
  } catch (error) {
    if (error instanceof UnknownValue) return undefined;
    if (!(error instanceof RenderError) || error.place === undefined) throw error;
    return { ...error.place, message: error.detail };
  }
}

/** About how much a row holds, without writing it out. */
function lengthOf(fields: Fields): number {
  let length = 0;
  for (const value of Object.values(fields)) length += typeof value === "string" ? value.length : 1;
  return length;
}
