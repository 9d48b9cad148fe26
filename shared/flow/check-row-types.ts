import type { CheckedStep } from "./check-steps.ts";
import type { PlacedRow } from "./dataset-rows.ts";
import { createFieldPlaces } from "./field-places.ts";
import type { FlowContext } from "./flow-context.ts";
import { inputValueOf, inputValueProblem, type InputValueProblem } from "./input-value-problem.ts";
import { outerInputs, type OuterInput } from "./outer-inputs.ts";
import type { Prompty } from "./prompty.ts";

/** Rows that one input is wrong in; how many more there are is said once. */
const SHOWN_ROWS = 20;

/** Types the rows of a flow, one after the other. */
export interface RowTypes {
  /** The row as the prompt gets it: the texts of CSV files in the types declared, null for what is wrong. */
  typed(row: PlacedRow): PlacedRow;
  /** All rows have gone by: says how many are wrong that were not shown. */
  end(): void;
}

/**
 * Holds rows against the types that the inputs of the answering prompt and of the steps' prompts declare: a value of
 * another type is a warning at its place and goes on as it is, for Prompty does not hold values to their kinds. One that
 * cannot be sent is an error, and goes on as null: one error is enough.
 */
export function createRowTypes(
  prompt: Prompty,
  steps: readonly CheckedStep[],
  { files, findings }: Pick<FlowContext, "files" | "findings">,
): RowTypes {
  const placeOf = createFieldPlaces(files);
  const inputs = outerInputs(
    prompt,
    steps.map(({ name, draft, taken }) => ({
      name,
      prompt: draft?.prompt,
      gives: (input) => !taken.some((use) => use.name === input),
    })),
  );
  const wrong = new Map<OuterInput, number>();
  const failing = new Set<OuterInput>();
  const report = (
    row: PlacedRow,
    declared: OuterInput,
    { message, remedy, severity }: InputValueProblem,
  ): void => {
    const { input, prompt: declaring } = declared;
    const before = wrong.get(declared) ?? 0;
    const place = before < SHOWN_ROWS ? placeOf(row, input.name) : row;
    // A row of several turns is given its first question under names it does not have itself.
    if (place === undefined) return;
    wrong.set(declared, before + 1);
    if (severity === "error") failing.add(declared);
    if (before >= SHOWN_ROWS) return;
    const type = ` Or change the input in ${declaring.path}, line ${input.line}.`;
    findings[severity](row.file, place, message, remedy + type);
  };
  return {
    typed: (row) => typedRow(row, inputs, report),
    end() {
      for (const [declared, count] of wrong) {
        const { input, prompt: declaring } = declared;
        if (count <= SHOWN_ROWS) continue;
        const message = `${count - SHOWN_ROWS} more rows have a value that ${input.name} does not take.`;
        const severity = failing.has(declared) ? "error" : "warning";
        findings[severity](declaring.path, input, message, "Correct the rows, or change the input's type.");
      }
    },
  };
}

function typedRow(
  row: PlacedRow,
  inputs: readonly OuterInput[],
  report: (row: PlacedRow, declared: OuterInput, problem: InputValueProblem) => void,
): PlacedRow {
  const isCsv = /\.csv$/i.test(row.file);
  const typed = new Map<string, unknown>();
  for (const declared of inputs) {
    const { name } = declared.input;
    if (!Object.hasOwn(row.fields, name)) continue;
    const given = row.fields[name];
    if (isCsv && typeof given === "string" && declared.input.guessed !== true) {
      const read = inputValueOf(declared.input, given);
      if (read.problem !== undefined) report(row, declared, read.problem);
      if (!typed.has(name))
        typed.set(name, read.problem === undefined ? read.value : kept(given, read.problem));
    } else {
      const problem = inputValueProblem(declared.input, given);
      if (problem === undefined) continue;
      report(row, declared, problem);
      typed.set(name, kept(given, problem));
    }
  }
  return typed.size === 0 ? row : { ...row, fields: { ...row.fields, ...Object.fromEntries(typed) } };
}

function kept(given: unknown, { severity }: InputValueProblem): unknown {
  return severity === "error" ? null : given;
}
