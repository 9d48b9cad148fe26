import type { Findings, Place } from "./diagnostics.ts";
import type { JsonProblem } from "./strict-json.ts";

/** Warnings about numbers beyond these about one file help nobody. */
const MAX_WARNINGS = 20;

/** Reports what is wrong with the JSON texts of one file. */
export function createJsonReport(
  file: string,
  findings: Findings,
): (problems: readonly JsonProblem[], placeAt: (offset: number) => Place) => void {
  let warnings = 0;
  return (problems, placeAt) => {
    for (const { severity, offset, message, remedy } of problems) {
      if (severity === "warning") warnings += 1;
      if (severity === "warning" && warnings > MAX_WARNINGS) continue;
      const last = severity === "warning" && warnings === MAX_WARNINGS;
      findings[severity](
        file,
        placeAt(offset),
        last ? `${message} Others like it are not shown.` : message,
        remedy,
      );
    }
  };
}
