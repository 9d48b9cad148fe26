import type { z } from "zod";
import { schemaWords } from "./schema-words.ts";

/** What a value has of another form than its schema asks for, in words, and where. */
export interface WordedPart {
  path: PropertyKey[];
  message: string;
}

/** Of a choice of forms, the one that got furthest is the one that was meant. */
export function furthestIssues(issue: z.core.$ZodIssue): WordedPart[] {
  if (issue.code !== "invalid_union") return [{ path: issue.path, message: schemaWords(issue) }];
  const inner = issue.errors.find((issues) => issues.some(({ path }) => path.length > 0));
  if (inner === undefined) return [{ path: issue.path, message: schemaWords(issue) }];
  return inner
    .flatMap((form) => furthestIssues(form))
    .map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
}
