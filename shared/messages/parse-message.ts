import type { z } from "zod";
import { PermanentError } from "../errors.ts";
import { schemaWords } from "../flow/schema-words.ts";

/** A queue message or a request by its schema. Throws `PermanentError`: what does not fit now will not fit later. */
export function parseMessage<T>(schema: z.ZodType<T>, message: unknown): T {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    (issue) => `${issue.path.join(".") || "message"}: ${schemaWords(issue)}`,
  );
  throw new PermanentError(`What was sent does not fit: ${issues.join("; ")}`);
}
