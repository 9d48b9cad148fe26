import type { ReadOptions } from "../flow/flow-context.ts";
import { evaluatorNamed } from "./registry.ts";
import { schemaWords } from "../flow/schema-words.ts";

/** Checks what a flow tells an evaluator by the evaluator's own schema; one that has none takes no options. */
export const readOptions: ReadOptions = (name, written) => {
  const schema = evaluatorNamed(name).options;
  if (schema === undefined) {
    const problems = Object.keys(written).map((key) => ({
      path: [key],
      message: `takes no option ${key}.`,
    }));
    return problems.length > 0 ? { problems } : { options: {} };
  }
  const parsed = schema.safeParse(written);
  if (parsed.success) return { options: parsed.data };
  return {
    problems: parsed.error.issues.map((issue) => ({ path: issue.path, message: schemaWords(issue) })),
  };
};
