import type { z } from "zod";

/** The parts of an issue that its words are made of. */
interface WordedIssue {
  code?: string | undefined;
  message: string;
  expected?: unknown;
  minimum?: unknown;
  maximum?: unknown;
  values?: unknown;
  errors?: readonly (readonly WordedIssue[])[];
}

const FORMS: Record<string, string> = {
  number: "a number",
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "a mapping of keys to values",
  record: "a mapping of keys to values",
  null: "nothing",
};

/** What a value has of another form than asked for, in words. What a schema says in words of its own stays. */
export function schemaWords(issue: z.core.$ZodIssue | WordedIssue): string {
  const { message, code, expected, minimum, maximum, values, errors } = issue as WordedIssue;
  if (!/^(Invalid input|Invalid option|Too small|Too big)\b/.test(message)) return message;
  const isNumber = /expected (number|int) to be/.test(message);
  if (code === "too_small" && isNumber) return `Expected at least ${String(minimum)}.`;
  if (code === "too_big" && isNumber) return `Expected at most ${String(maximum)}.`;
  if (code === "too_big" && /expected string/.test(message))
    return `Expected at most ${String(maximum)} characters.`;
  if (code === "too_small" && /expected array/.test(message)) return "Expected at least one.";
  if (code === "too_small" && /expected string/.test(message)) return "Expected a text that is not empty.";
  if (code === "invalid_value" && Array.isArray(values)) return `Expected ${listed(values.map(String))}.`;
  const choices = (errors ?? []).flat();
  const forms = [
    expected,
    ...choices.flatMap((form) => (Array.isArray(form.values) ? form.values : form.expected)),
  ];
  const named = forms.filter((form) => typeof form === "string").map((form) => FORMS[form] ?? form);
  return named.length === 0 ? message : `Expected ${listed([...new Set(named)])}.`;
}

function listed(words: string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
