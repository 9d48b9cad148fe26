import { findPersonalData, type PersonalData } from "./find-personal-data.ts";

/** A text in which a mark stands for what looks like personal data: `[an e-mail address]`. */
export function redactText(text: string): string {
  let redacted = "";
  let shown = 0;
  for (const { kind, start, end } of apart(findPersonalData(text))) {
    redacted += `${text.slice(shown, start)}[${kind}]`;
    shown = end;
  }
  return redacted + text.slice(shown);
}

/** Where each stands, in their order: those that overlap are one, of the longest's kind. */
function apart(found: readonly PersonalData[]): { kind: string; start: number; end: number }[] {
  const stretches: { kind: string; start: number; end: number; longest: number }[] = [];
  for (const { kind, start, text } of found.toSorted((a, b) => a.start - b.start)) {
    const end = start + text.length;
    const last = stretches.at(-1);
    if (last === undefined || start >= last.end) {
      stretches.push({ kind, start, end, longest: text.length });
      continue;
    }
    if (text.length > last.longest) Object.assign(last, { kind, longest: text.length });
    last.end = Math.max(last.end, end);
  }
  return stretches;
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
