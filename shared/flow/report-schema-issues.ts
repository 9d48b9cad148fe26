import type { z } from "zod";
import type { Findings, Place } from "./diagnostics.ts";
import { furthestIssues } from "./furthest-issues.ts";

/** More findings than this about one part help nobody. */
const MAX_REPORTED = 20;

/** Reports what a value has of another form than its schema asks for. `placeOf` leads to where a part stands. */
export function reportSchemaIssues(
  error: z.ZodError,
  file: string,
  placeOf: (path: PropertyKey[]) => Place,
  report: Findings["warning"],
): void {
  for (const { path, message } of error.issues.flatMap(furthestIssues).slice(0, MAX_REPORTED)) {
    const name = path.map(String).join(".");
    const sentence = message.endsWith(".") ? message : `${message}.`;
    report(file, placeOf(path), name === "" ? sentence : `${name}: ${sentence}`);
  }
}
