import type { Diagnostic, FlowFiles } from "../model/flow.ts";
import { hasErrors } from "./diagnostics.ts";
import type { FileRecord } from "./file-record.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { MAX_FILE_BYTES } from "./records.ts";
import type { Unread } from "./unread.ts";

/** Adds the lines and files that are no records, as the diagnostics of reading them say, to what could not be read. */
export function unreadRecords(
  records: readonly Pick<FileRecord, "file">[],
  diagnostics: readonly Diagnostic[],
  files: FlowFiles,
  unread: Unread,
): void {
  if (hasErrors(diagnostics) && records.length === 0) return unread.addAnything();
  const read = new Set(records.map(({ file }) => file));
  const lines = new Map<string, string[]>();
  const whole = new Set<string>();
  for (const { severity, file, line } of diagnostics) {
    if (severity !== "error" || whole.has(file)) continue;
    const bytes = files.get(file);
    if (file === FLOW_FILE || bytes === undefined || bytes.length > MAX_FILE_BYTES) {
      unread.addAnything();
      continue;
    }
    const written = lines.get(file) ?? new TextDecoder().decode(bytes).split("\n");
    lines.set(file, written);
    if (/\.(jsonl|ndjson)$/i.test(file) && read.has(file)) {
      unread.addText(written[line - 1] ?? "");
    } else {
      whole.add(file);
      unread.addText(written.join("\n"));
    }
  }
}
