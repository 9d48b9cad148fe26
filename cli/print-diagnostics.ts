import path from "node:path";
import type { Diagnostic } from "../shared/model/flow.ts";
import type { Paint } from "./output.ts";
import { plainText } from "./plain-text.ts";

/**
 * Findings as `file:line:column: error: message`, the form editors and CI systems make links of, each with its
 * remedy on a line of its own. `folder` goes before each file.
 */
export function printDiagnostics(diagnostics: Diagnostic[], paint: Paint, folder = ""): string {
  return diagnostics
    .flatMap(({ severity, file, line, column, message, remedy }) => {
      const place = `${plainText(path.join(folder, file))}:${line}:${column}`;
      const kind = paint(severity === "error" ? "red" : "yellow", `${severity}:`);
      const finding = `${paint("bold", `${place}:`)} ${kind} ${plainText(message)}`;
      return remedy === undefined ? [finding] : [finding, paint("dim", `    ${plainText(remedy)}`)];
    })
    .join("\n");
}

/** "2 errors and 1 warning". */
export function countDiagnostics(diagnostics: Diagnostic[]): string {
  const words = (["error", "warning"] as const).flatMap((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? "" : "s"}`];
  });
  return words.join(" and ") || "no problems";
}
