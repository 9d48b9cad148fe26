import type { Diagnostic, FlowFiles } from "../model/flow.ts";
import { hasErrors } from "./diagnostics.ts";
import { linesAt, sizeOf } from "./file-pieces.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { MAX_FILE_BYTES } from "./records.ts";
import type { Unread } from "./unread.ts";

/** Of more lines than these that cannot be read, what they are about is not looked at one by one. */
const MOST_LINES = 1_000;

/**
 * Adds the lines and files that are no records, as the diagnostics of reading them say, to what could not be read.
 * `read`: the files that records came from.
 */
export function unreadRecords(
  read: ReadonlySet<string>,
  diagnostics: readonly Diagnostic[],
  files: FlowFiles,
  unread: Unread,
): void {
  if (hasErrors(diagnostics) && read.size === 0) return unread.addAnything();
  const lines = new Map<string, Set<number>>();
  for (const { severity, file, line } of diagnostics) {
    if (severity !== "error") continue;
    if (file === FLOW_FILE || !files.has(file) || sizeOf(file, files) > MAX_FILE_BYTES) unread.addAnything();
    else lines.set(file, (lines.get(file) ?? new Set()).add(line));
  }
  for (const [file, numbers] of lines) {
    const isLines = /\.(jsonl|ndjson)$/i.test(file);
    if (isLines && read.has(file) && numbers.size <= MOST_LINES) {
      for (const text of linesAt(file, numbers, files).values()) unread.addText(text);
    } else if (isLines && files.large?.(file)) {
      unread.addAnything();
    } else {
      unread.addText(new TextDecoder().decode(files.get(file)));
    }
  }
}
