/** An input, an output or a tool's parameter, written out in the second dialect's form. */
export interface PromptyProperty {
  name: string;
  kind: string;
  description?: string;
  required?: boolean;
  default?: unknown;
  [other: string]: unknown;
}

/** What a property can hold, in both dialects' words. */
export const PROPERTY_KINDS = [
  "string",
  "integer",
  "float",
  "number",
  "boolean",
  "array",
  "list",
  "object",
  "dict",
  "thread",
  "image",
  "file",
  "audio",
  "union",
] as const;

const SHORT_NAMES = new Set(["str", "int", "double", "bool", "any"]);

/** Whether a property's kind or type is one that either dialect, or Prompt Flow, writes. */
export function isPropertyKind(kind: string): boolean {
  const name = kind.toLowerCase();
  return (PROPERTY_KINDS as readonly string[]).includes(name) || SHORT_NAMES.has(name);
}

type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list of properties (or of bare names), or properties by name, where a plain value is a default. */
export function propertiesOf(written: unknown): PromptyProperty[] {
  if (Array.isArray(written)) {
    return written.flatMap((entry) => {
      if (typeof entry === "string") return [{ name: entry, kind: "string" }];
      return isFields(entry) ? [propertyOf(typeof entry.name === "string" ? entry.name : "", entry)] : [];
    });
  }
  if (!isFields(written)) return [];
  return Object.entries(written).map(([name, entry]) => propertyOf(name, entry));
}

/** The names of the properties whose kind is written, and not guessed from a value. */
export function writtenKinds(written: unknown): Set<string> {
  const properties = Array.isArray(written)
    ? written.flatMap((entry: unknown) => (isFields(entry) ? [[entry.name, entry] as const] : []))
    : isFields(written)
      ? Object.entries(written)
      : [];
  const named = properties.flatMap(([name, entry]) => {
    const isWritten =
      isFields(entry) &&
      (name === entry.name || describesProperty(entry)) &&
      [entry.kind, entry.type].some((kind) => typeof kind === "string" && kind !== "");
    return isWritten ? [String(name)] : [];
  });
  return new Set(named);
}

/** The keys that describe a property. An object with others is a value: a default written as it is. */
const DESCRIBING = new Set([
  "name",
  "kind",
  "type",
  "default",
  "description",
  "required",
  "is_required",
  "nullable",
  "example",
  "sample",
  "enum",
  "enumValues",
  "strict",
  "items",
  "properties",
  "oneOf",
  "anyOf",
  "title",
  "format",
  "value",
  "json_schema",
]);

function describesProperty(written: Fields): boolean {
  const keys = Object.keys(written);
  const named = [written.kind, written.type].some((kind) => typeof kind === "string" && isPropertyKind(kind));
  return named || (keys.some((key) => key !== "name") && keys.every((key) => DESCRIBING.has(key)));
}

function propertyOf(name: string, written: unknown): PromptyProperty {
  if (!isFields(written) || (name !== written.name && !describesProperty(written))) {
    return written === null || written === undefined
      ? { name, kind: "string" }
      : { name, kind: kindOf(written), ...(isEmpty(written) ? {} : { default: written }) };
  }
  const { type, is_required: isRequired, enum: values, ...rest } = written;
  const kind = [rest.kind, type].find((word) => typeof word === "string" && word !== "") as
    | string
    | undefined;
  const property: PromptyProperty = {
    ...rest,
    name,
    kind: kind ?? kindOf(rest.default ?? rest.sample ?? rest.example),
  };
  // Written as nothing, a default is none.
  if (property.default === null) delete property.default;
  if (isRequired !== undefined) property.required ??= isRequired === true;
  if (Array.isArray(values)) property.enumValues ??= values;
  return property;
}

/** `history: {}` declares an object; it does not give one. */
function isEmpty(value: unknown): boolean {
  return isFields(value) && Object.keys(value).length === 0;
}

/** The kind that a plain value is of. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "float";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "object" && value !== null ? "object" : "string";
}
