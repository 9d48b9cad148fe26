import { formOf, takesEmptyText } from "../../shared/flow/input-forms.ts";

/** Types of Prompt Flow's inputs as a `.prompty` names them. */
const TYPES = new Map([
  ["string", "string"],
  ["int", "integer"],
  ["double", "float"],
  ["bool", "boolean"],
  ["list", "array"],
  ["object", "object"],
  ["image", "image"],
]);

/** The type of a `.prompty` file for one of Prompt Flow; a text for one that there is not. */
export function promptyType(type: string): string {
  return TYPES.get(type) ?? "string";
}

/**
 * A value of a dataset in the type of its input, as Prompt Flow reads it: a text that stands for one, as all values in
 * CSV are, and a number for a text. Undefined for nothing where a text would be none; what cannot be read stays.
 */
export function typedValue(type: string | undefined, value: unknown): unknown {
  const form = type === undefined ? undefined : formOf(type);
  if (form === undefined || form.fits(value)) return value;
  if (typeof value === "number" || typeof value === "boolean") {
    return form.fits(String(value)) ? String(value) : value;
  }
  if (typeof value !== "string") return value;
  return value.trim() === "" && !takesEmptyText(form) ? undefined : (form.read(value) ?? value);
}

/** What stands in a row that shows what rows are like, for an input of which no example is known. */
export function placeholder(type: string | undefined, name: string): unknown {
  const text = `Write a ${name} here that users would give.`;
  const form = type === undefined ? undefined : formOf(type);
  return [text, 0, false, [], {}].find((value) => form === undefined || form.fits(value)) ?? text;
}
