import type { Findings, Place } from "./diagnostics.ts";

/** One record of a knowledge file or a dataset, and where it starts. */
export interface FileRecord extends Place {
  value: Record<string, unknown>;
  file: string;
}

/** A value as the record that starts at a place; undefined, with a finding, where it is no object. */
export function recordOf(
  value: unknown,
  file: string,
  line: number,
  column: number,
  findings: Findings,
): FileRecord | undefined {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return { value: value as Record<string, unknown>, file, line, column };
  }
  findings.error(file, { line, column }, "A record is a JSON object.", 'Write it as {"name": "value"}.');
  return undefined;
}
