import type { Diagnostic } from "../model/flow.ts";

export interface Place {
  line: number;
  column: number;
}

/** Collects findings about files. */
export interface Findings {
  list: Diagnostic[];
  error(file: string, place: Place, message: string, remedy?: string): void;
  warning(file: string, place: Place, message: string, remedy?: string): void;
}

export const START: Place = { line: 1, column: 1 };

export function createFindings(): Findings {
  const list: Diagnostic[] = [];
  const add =
    (severity: Diagnostic["severity"]) =>
    (file: string, { line, column }: Place, message: string, remedy?: string): void => {
      list.push({ severity, file, line, column, message, remedy });
    };
  return { list, error: add("error"), warning: add("warning") };
}

/** By file, then line, then column, in an order that does not depend on the machine's language. */
export function sortDiagnostics(list: readonly Diagnostic[]): Diagnostic[] {
  return list.toSorted(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
}

export function hasErrors(list: readonly Diagnostic[]): boolean {
  return list.some(({ severity }) => severity === "error");
}
