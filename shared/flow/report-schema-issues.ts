import type { z } from "zod";
import type { Findings, Place } from "./diagnostics.ts";
import { schemaWords } from "./schema-words.ts";

/** More findings than this about one part help nobody. */
const MAX_REPORTED = 20;

/**
 * Reports what a value has of another form than its schema asks for. `placeOf` leads to where a part stands. Of a
 * choice of forms, the one that got furthest is the one that was meant.
 */
export function reportSchemaIssues(
  error: z.ZodError,
  file: string,
  placeOf: (path: PropertyKey[]) => Place,
  report: Findings["warning"],
): void {
  for (const { path, message } of error.issues.flatMap((issue) => furthest(issue)).slice(0, MAX_REPORTED)) {
    const name = path.map(String).join(".");
    const sentence = message.endsWith(".") ? message : `${message}.`;
    report(file, placeOf(path), name === "" ? sentence : `${name}: ${sentence}`);
  }
}

interface SchemaIssue {
  path: PropertyKey[];
  message: string;
}

function furthest(issue: z.core.$ZodIssue): SchemaIssue[] {
  if (issue.code !== "invalid_union") return [{ path: issue.path, message: schemaWords(issue) }];
  const inner = issue.errors.find((issues) => issues.some(({ path }) => path.length > 0));
  if (inner === undefined) return [{ path: issue.path, message: schemaWords(issue) }];
  return inner
    .flatMap((form) => furthest(form))
    .map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
}
