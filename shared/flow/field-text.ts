import { scalarText } from "./scalar-text.ts";

/** A field's value, by its name or a path such as `address.city`; undefined where there is none. */
export function fieldValue(record: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  let value: unknown = record;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** As `fieldValue`, for a text, number or boolean, as text. */
export function fieldText(record: Record<string, unknown>, path: string): string | undefined {
  return scalarText(fieldValue(record, path))?.trim();
}
