import { scalarText } from "./scalar-text.ts";

/** A field's value as text, by its name or a path such as `address.city`; undefined where there is none. */
export function fieldText(record: Record<string, unknown>, path: string): string | undefined {
  let value: unknown = Object.hasOwn(record, path) ? record[path] : undefined;
  if (value === undefined) {
    value = record;
    for (const name of path.split(".")) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
      value = (value as Record<string, unknown>)[name];
    }
  }
  return scalarText(value)?.trim();
}
