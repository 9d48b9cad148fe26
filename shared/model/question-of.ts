const QUESTION_NAMES = ["question", "query", "input"];

/** The question among the inputs of a turn or the fields of a row: `question`, else `query`, else `input`. */
export function questionOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  return QUESTION_NAMES.map((name) => fields[name]).find(
    (value): value is string => typeof value === "string" && value.trim() !== "",
  );
}

/** The name under which a flow that uses these names takes the question. */
export function questionName(used: ReadonlySet<string>): string {
  return QUESTION_NAMES.find((name) => used.has(name)) ?? "question";
}
