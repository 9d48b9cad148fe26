import { fieldText, fieldValue } from "../flow/field-text.ts";
import type { LoadedFlow } from "../flow/load-flow.ts";
import { textOf } from "../flow/parse-messages.ts";
import { scalarText } from "../flow/scalar-text.ts";

/**
 * The groups that a row belongs to, by the fields that name them: a field of the row's own, or one of the record that a
 * lookup finds for it, such as `customer.region`. Lookups ask no model, so that this can be told of any row at any
 * time. A field without a value puts the row in no group.
 */
export function rowGroups(
  fields: Record<string, unknown>,
  flow: LoadedFlow,
  by: readonly string[],
): Record<string, string> {
  const entries = by.flatMap((path) => {
    const group = fieldText(fields, path) ?? lookedUpText(fields, flow, path);
    return group === undefined || group === "" ? [] : [[path, group] as const];
  });
  return Object.fromEntries(entries);
}

function lookedUpText(fields: Record<string, unknown>, flow: LoadedFlow, path: string): string | undefined {
  const [step = "", ...rest] = path.split(".");
  const record = lookedUp(step, fields, flow);
  if (record === null || rest.length === 0) return undefined;
  return scalarText(fieldValue(record, rest.join(".")))?.trim();
}

/** The record that a lookup finds with a row's fields; null for none, and for what is no lookup. */
function lookedUp(
  name: string,
  fields: Record<string, unknown>,
  flow: LoadedFlow,
): Record<string, unknown> | null {
  const step = flow.steps.find((known) => known.name === name);
  if (step?.kind !== "lookup") return null;
  const needed = step.needs.map((need) => [need, lookedUp(need, fields, flow)] as const);
  const values = { ...fields, ...Object.fromEntries(needed) };
  if (step.when !== undefined && !step.when.evaluate(values)) return null;
  return step.records.get(textOf(step.key.render(values)).trim()) ?? null;
}
