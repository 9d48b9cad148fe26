import type { Diagnostic } from "../model/flow.ts";
import type { ChatMessage } from "../ports/chat-model.ts";
import type { CheckedStep } from "./check-steps.ts";
import { checkRenderedUser } from "./check-user-message.ts";
import type { PlacedRow } from "./dataset-rows.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { missingInputs, withDefaults } from "./input-values.ts";
import type { NameUse } from "./jinja/collect-names.ts";
import { UNKNOWN } from "./jinja/values/unknown.ts";
import type { Prompty, PromptyDraft } from "./prompty.ts";
import { RenderError } from "./render-error.ts";
import { renderMessages, templateOf, tryTemplate, withOneHistory } from "./render-messages.ts";
import type { RowCheck } from "./row-check.ts";
import { withTurnAfter } from "./row-turns.ts";
import { failuresOfStep, type Failure, type Fields } from "./try-step.ts";

/** Of each prompt: the first row of so many datasets, and the longest of all. */
const MOST_FIRST = 3;

/**
 * Renders what a turn would, with the first row of a dataset and the longest, and with nothing that a step finds: what
 * depends on that, on what failed before or on what is wrong already is passed over. What fails fails in every evaluation
 * of the row: an error where no row that was tried goes through, else a warning. Of a row with several turns the first is
 * tried, and the second, whose history holds an answer that is made up: what fails only then is a warning. So is a prompt
 * that no user message comes of.
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
  /** What is wrong already, and may be why something fails. */
  let before: Diagnostic[] = [];
  /** What nothing gives, something that is wrong may be meant to give. */
  const withUnknown = (names: readonly Pick<NameUse, "name">[], inputs: Fields): Fields =>
    before.length === 0
      ? inputs
      : { ...Object.fromEntries(names.map(({ name }) => [name, UNKNOWN])), ...inputs };
  const render = (rendered: Prompty, given: Fields): Failure[] => {
    const inputs = withUnknown(templateOf(rendered).names, withDefaults(rendered, given));
    // In Mustache nothing but its length fails.
    if (rendered.format === "mustache" && Object.values(inputs).includes(UNKNOWN)) return [];
    const { failures, sure } = tryTemplate(rendered, inputs);
    const isTold = sure && failures.length === 0 && before.length === 0;
    const messages = row !== undefined && isTold ? messagesOf(rendered, inputs) : undefined;
    if (row !== undefined && messages !== undefined)
      checkRenderedUser(rendered, messages, `the row at ${row.file}:${row.line}`, findings);
    return failures.map((failure) => ({ file: rendered.path, ...failure }));
  };
  const trial = (fields: Fields): Failure[] => {
    const given = withDefaults(prompt, withOneHistory(prompt, fields));
    const found = Object.fromEntries(
      steps.flatMap(({ name }) => (name === undefined ? [] : [[name, UNKNOWN]])),
    );
    const inputs = { ...given, ...found };
    const inSteps = steps.flatMap((step) => {
      return failuresOfStep(step, inputs, {
        placeOf: (at) => yaml.placeOf(at),
        evaluate: ({ names, evaluate }, trial) => evaluate({ ...withUnknown(names, inputs) }, trial),
        render,
      });
    });
    return missingInputs(prompt, inputs).length > 0 ? inSteps : [...inSteps, ...render(prompt, inputs)];
  };
  return {
    add(row) {
      if (!hasTemplate) return;
      if (!first.has(row.file) && first.size < MOST_FIRST) first.set(row.file, row);
      const length = lengthOf(row.fields);
      if (longest === undefined || length > longest.length) longest = { row, length };
    },
    end() {
      before = findings.list.filter(({ severity, file }) => severity === "error" && sources.has(file));
      const rows = [...new Set([...first.values(), ...(longest === undefined ? [] : [longest.row])])];
      const tried = rows.map((next) => {
        row = next;
        return { row: next, turn: "", failures: trial(next.fields) };
      });
      row = undefined;
      const severity = tried.every(({ failures }) => failures.length > 0) ? "error" : "warning";
      for (const row of rows.filter(({ severalTurns = 1 }) => severalTurns > 1))
        tried.push({ row, turn: ", in its second turn", failures: trial(withTurnAfter(row.fields)) });
      const told = new Set<string>();
      for (const { row, turn, failures } of tried) {
        for (const { file, message, ...place } of failures) {
          const key = `${file}:${place.line}:${place.column}:${message}`;
          // The same place fails with other rows too.
          if (told.has(key)) continue;
          told.add(key);
          const remedy = `That comes of the row at ${row.file}:${row.line}${turn}. Change the template, or the row.`;
          findings[turn === "" ? severity : "warning"](file, place, message, remedy);
        }
      }
    },
  };
}

/** Undefined where they depend on what is checked elsewhere. */
function messagesOf(prompt: Prompty, inputs: Fields): ChatMessage[] | undefined {
  try {
    return renderMessages(
      prompt,
      Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== UNKNOWN)),
    );
  } catch (error) {
    if (error instanceof RenderError) return undefined;
    throw error;
  }
}

/** About how much a row holds, without writing it out. */
function lengthOf(fields: Fields): number {
  let length = 0;
  for (const value of Object.values(fields)) length += typeof value === "string" ? value.length : 1;
  return length;
}
