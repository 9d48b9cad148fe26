import { findPersonalData } from "./find-personal-data.ts";

/** A text in which a mark stands for what looks like personal data: `[an e-mail address]`. */
export function redactText(text: string): string {
  let redacted = text;
  // Longest first: a number that is part of another one must not leave the rest of it standing.
  const found = findPersonalData(text).toSorted((a, b) => b.text.length - a.text.length);
  for (const { kind, text: told } of found) redacted = redacted.replaceAll(told, `[${kind}]`);
  return redacted;
}

/** As `redactText`, of every text in a value that has a JSON form, the names of its members included. */
export function redactValue(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== "object" || value === null) return value;
  return redactFields(value);
}

/** As `redactValue`, of an object. */
export function redactFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [redactText(name), redactValue(value)]),
  );
}
