import type { Prompty } from "./prompty.ts";

const MEDIA = ["image", "audio", "file"];

/** The inputs of a prompt that are images, audio or files. */
export function mediaInputs({ inputs }: Pick<Prompty, "inputs">): Prompty["inputs"] {
  return inputs.filter(({ type }) => MEDIA.includes(type.toLowerCase()));
}

/** Of an address. The rest is data, which a template is not to copy around. */
const SHOWN = 1000;

/**
 * The values as a template sees them. Images, audio and files are parts and never text: what is given as nothing prints
 * as nothing instead of `None`, and of long data only the beginning is there, to ask whether and where it is.
 */
export function printedValues(
  media: Prompty["inputs"],
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (media.length === 0) return values;
  const names = new Set(media.map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      if (!names.has(name)) return [[name, value]];
      return value === null ? [] : [[name, shortened(value)]];
    }),
  );
}

function shortened(value: unknown): unknown {
  if (typeof value === "string") return value.slice(0, SHOWN);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      typeof entry === "string" ? entry.slice(0, SHOWN) : entry,
    ]),
  );
}
