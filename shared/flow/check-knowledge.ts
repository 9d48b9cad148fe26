import type { FlowFiles } from "../model/flow.ts";
import { START } from "./diagnostics.ts";
import { fieldText, fieldValue } from "./field-text.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import type { ReadStep } from "./parse-steps.ts";
import { placedInFlow } from "./placed-in-flow.ts";
import { readRecords } from "./records.ts";
import { createUnread, type Unread } from "./unread.ts";
import { unreadRecords } from "./unread-records.ts";

/** Holds the steps' sources and the fields they name against the files. */
export function checkKnowledge(
  steps: readonly ReadStep[],
  files: FlowFiles,
  { yaml, findings }: Pick<FlowContext, "yaml" | "findings">,
): void {
  const read = new Map<string, { records: ReturnType<typeof readRecords>["records"]; unread: Unread }>();
  for (const { at, definition, broken } of steps) {
    if (definition?.kind !== "lookup" && definition?.kind !== "retrieve") continue;
    const { source, kind } = definition;
    if (broken.has(kind)) continue;
    const place = yaml.placeOf([...at, kind]);
    let known = read.get(source);
    if (known === undefined) {
      const { records, diagnostics } = readRecords(source, files);
      findings.list.push(...diagnostics.map((found) => placedInFlow(found, [{ path: source, place }])));
      const unread = createUnread();
      unreadRecords(records, diagnostics, files, unread);
      known = { records, unread };
      read.set(source, known);
      if (records.length === 0 && diagnostics.length === 0)
        findings.error(source, START, "The knowledge has no records.", "Add some.");
    }
    const { records, unread } = known;
    if (records.length === 0) continue;
    const named =
      definition.kind === "lookup"
        ? [{ part: ["by"], field: definition.by }]
        : (definition.fields ?? []).map((field, index) => ({ part: ["fields", index], field }));
    const valueOf = definition.kind === "lookup" ? fieldText : fieldValue;
    for (const { part, field } of named) {
      if (broken.has(String(part[0])) || unread.mayKnow(field, [])) continue;
      if (records.some(({ value }) => valueOf(value, field) !== undefined)) continue;
      const there = [...new Set(records.slice(0, 100).flatMap(({ value }) => Object.keys(value)))];
      const message = `No record of ${source} has a field ${field}.`;
      findings.error(FLOW_FILE, yaml.placeOf([...at, ...part]), message, `Fields: ${there.join(", ")}.`);
    }
  }
}
