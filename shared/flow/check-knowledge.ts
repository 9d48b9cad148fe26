import { START } from "./diagnostics.ts";
import { fieldText, fieldValue } from "./field-text.ts";
import type { FileRecord } from "./file-record.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { filesAt } from "./flow-paths.ts";
import type { CheckContext } from "./meant-file.ts";
import type { ReadStep } from "./parse-steps.ts";
import { placedInFlow } from "./placed-in-flow.ts";
import { readRecords } from "./records.ts";
import { createUnread, type Unread } from "./unread.ts";
import { unreadRecords } from "./unread-records.ts";

/** Files that a flow takes its knowledge from; of more no one is told. */
const MOST_SOURCES = 200;

interface Knowledge {
  /** The file or folder that was read: the one that is named or, where that is not there, seems to be meant. */
  source: string;
  records: FileRecord[];
  unread: Unread;
}

/** Holds the steps' sources and the fields they name against the files. */
export function checkKnowledge(steps: readonly ReadStep[], context: CheckContext): void {
  const { yaml, findings } = context;
  const read = new Map<string, Knowledge>();
  for (const { at, definition, broken } of steps) {
    if (definition?.kind !== "lookup" && definition?.kind !== "retrieve") continue;
    const { kind } = definition;
    if (broken.has(kind) || read.size >= MOST_SOURCES) continue;
    const known = read.get(definition.source) ?? readKnowledge(definition.source, [...at, kind], context);
    read.set(definition.source, known);
    const { source, records, unread } = known;
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

function readKnowledge(
  path: string,
  at: PropertyKey[],
  { yaml, findings, files, meantFile }: CheckContext,
): Knowledge {
  const named = readRecords(path, files);
  findings.list.push(
    ...named.diagnostics.map((found) => placedInFlow(found, [{ path, place: yaml.placeOf(at) }])),
  );
  const meant = filesAt(path, files).length > 0 ? undefined : meantFile(path);
  const source = meant ?? path;
  const { records, diagnostics } = meant === undefined ? named : readRecords(meant, files);
  if (meant !== undefined) findings.list.push(...diagnostics);
  if (records.length === 0 && diagnostics.length === 0)
    findings.error(source, START, "The knowledge has no records.", "Add some.");
  const unread = createUnread();
  unreadRecords(new Set(records.map(({ file }) => file)), diagnostics, files, unread);
  return { source, records, unread };
}
