import type { z } from "zod";
import { isFields } from "./prompty-property.ts";

/** The parts of an object that have the form their schema asks for, each taken by itself. */
export interface WellFormed<Schema extends z.ZodObject> {
  fields: Partial<z.infer<Schema>>;
  /** The names of the others: of another form, or unknown. */
  broken: Set<string>;
}

/** Reads what can be read of an object that does not satisfy its schema; undefined for what is no object. */
export function wellFormedFields<Schema extends z.ZodObject>(
  schema: Schema,
  written: unknown,
): WellFormed<Schema> | undefined {
  if (!isFields(written)) return undefined;
  const shape: Record<string, z.ZodType | undefined> = schema.shape;
  const broken = new Set<string>();
  const fields = Object.entries(written).flatMap(([key, value]) => {
    const parsed = Object.hasOwn(shape, key) ? shape[key]?.safeParse(value) : undefined;
    if (parsed?.success === true) return [[key, parsed.data] as const];
    broken.add(key);
    return [];
  });
  return { fields: Object.fromEntries(fields) as Partial<z.infer<Schema>>, broken };
}
