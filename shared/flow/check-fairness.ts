import { counterfactualOf } from "./counterfactual-rows.ts";
import { fieldText } from "./field-text.ts";
import type { CheckContext } from "./meant-file.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { suggestion } from "./nearest-name.ts";
import type { FlowDraft } from "./parse-flow.ts";
import type { RowCheck } from "./row-check.ts";
import { usesOfStep } from "./step-templates.ts";

/**
 * Whether the gaps that a gate asks for can be measured: by fields that rows or looked-up records have, and with rows
 * that hold the words to swap.
 */
export function createFairnessCheck(draft: FlowDraft, context: CheckContext): RowCheck {
  const groups = draft.fairness.flatMap(({ by, at }) => (by === undefined ? [] : [{ by, at }]));
  const grouped = new Set<string>();
  const makers = draft.evaluation.counterfactuals.map(counterfactualOf);
  const making = new Set<number>();
  const known = new Set<string>();
  return {
    add(row) {
      for (const name of Object.keys(row.fields)) known.add(name);
      for (const { by } of groups)
        if (!grouped.has(by) && fieldText(row.fields, by) !== undefined) grouped.add(by);
      for (const [index, make] of makers.entries())
        if (!making.has(index) && make(row) !== undefined) making.add(index);
    },
    end() {
      for (const { by, at } of groups)
        if (!grouped.has(by)) checkField(by, [...at, "by"], draft, known, context);
      checkMeasured(draft, context);
      // Without rows, why there are none is said already.
      if (known.size > 0) checkCounterfactuals(draft, known, making, context);
    },
  };
}

/** `making`: the counterfactuals, by their places in the list, that make a row of some row. */
function checkCounterfactuals(
  draft: FlowDraft,
  known: ReadonlySet<string>,
  making: ReadonlySet<number>,
  { yaml, findings }: CheckContext,
): void {
  for (const [index, { name, fields }] of draft.evaluation.counterfactuals.entries()) {
    const at = ["evaluation", "counterfactuals", index];
    const unknown = (fields ?? []).find((field) => !known.has(field));
    if (unknown !== undefined) {
      const message = `No row has the field ${unknown}.`;
      findings.error(
        FLOW_FILE,
        yaml.placeOf([...at, "field"]),
        message,
        suggestion(unknown, [...known], "fields"),
      );
    } else if (!making.has(index)) {
      const message = `No row has a word of the counterfactual ${name} on one side only.`;
      const remedy =
        "Add rows that name one, or other pairs of words: without any there is nothing to compare.";
      findings.warning(FLOW_FILE, yaml.placeOf(at), message, remedy);
    }
  }
}

/** Counterfactual rows are made of quality rows, and measured by what those are measured by. */
function checkMeasured({ evaluation, fairness }: FlowDraft, { yaml, findings, known }: CheckContext): void {
  const kinds = new Set(evaluation.datasets.map(({ as }) => as));
  if (!kinds.has("safety") || !kinds.has("quality")) return;
  for (const { of, counterfactual, at } of fairness) {
    const use = evaluation.evaluators?.find(({ name }) => name === of)?.use;
    if (counterfactual === undefined || use === undefined || known.safety?.includes(use) !== true) continue;
    findings.error(
      FLOW_FILE,
      yaml.placeOf([...at, "of"]),
      `${of} is measured on the safety rows alone, and counterfactual rows are made of the others.`,
      "Compare another metric, or groups of the safety rows: by: a field of theirs.",
    );
  }
}

function checkField(
  by: string,
  at: PropertyKey[],
  draft: FlowDraft,
  fields: ReadonlySet<string>,
  { yaml, findings }: CheckContext,
): void {
  const [first = ""] = by.split(".");
  const step = draft.steps.find(({ name }) => name === first);
  if (step === undefined) {
    if (fields.size === 0 || !draft.allSteps) return;
    const lookups = draft.steps.filter(({ definition }) => definition?.kind === "lookup");
    const known = [...fields, ...lookups.map(({ shown }) => `${shown}.…`)];
    findings.error(
      FLOW_FILE,
      yaml.placeOf(at),
      `No row can be grouped by ${by}.`,
      suggestion(by, known, "fields"),
    );
    return;
  }
  const problem = notLookedUp(first, by, draft);
  if (problem === undefined) return;
  const remedy =
    "Group by a field of the rows, or of a record that a lookup finds with the rows' own fields.";
  findings.error(FLOW_FILE, yaml.placeOf(at), problem, remedy);
}

/** Why a step's result cannot be told without asking a model. */
function notLookedUp(
  name: string,
  by: string,
  draft: FlowDraft,
  seen: readonly string[] = [],
): string | undefined {
  const definition = draft.steps.find((step) => step.name === name)?.definition;
  if (definition === undefined || seen.includes(name)) return undefined;
  if (definition.kind !== "lookup") return `${by} depends on the step ${name}, which is no lookup.`;
  if (seen.length === 0 && !by.includes("."))
    return `${by} is a whole record; name one of its fields: ${by}.region.`;
  const names = new Set(draft.steps.map((step) => step.name));
  let needed: string[];
  try {
    needed = usesOfStep(definition, () => undefined).map((use) => use.name);
  } catch {
    // Its template is wrong, which has been said.
    return undefined;
  }
  const steps = needed.filter((need) => names.has(need));
  return steps
    .map((need) => notLookedUp(need, by, draft, [...seen, name]))
    .find((problem) => problem !== undefined);
}
