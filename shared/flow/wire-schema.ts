import { isFields, propertiesOf, type PromptyProperty } from "./prompty-property.ts";

/** A property's kind as JSON Schema names it. Kinds that JSON Schema has no name for allow anything. */
const TYPES = new Map([
  ["string", "string"],
  ["str", "string"],
  ["integer", "integer"],
  ["int", "integer"],
  ["float", "number"],
  ["number", "number"],
  ["double", "number"],
  ["boolean", "boolean"],
  ["bool", "boolean"],
  ["array", "array"],
  ["list", "array"],
  ["object", "object"],
  ["dict", "object"],
]);
const MAX_DEPTH = 20;

/**
 * Properties as a JSON Schema of an object, as chat completions take it. `strict` is the service's strict form: every
 * property is required, one that was optional may be null, and nothing else is allowed.
 */
export function wireSchema(
  properties: readonly PromptyProperty[],
  strict: boolean,
  depth = 0,
): Record<string, unknown> {
  const named = properties.filter(({ name }) => name !== "");
  const required = named.filter((property) => strict || property.required === true).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(
      named.map((property) => [
        property.name,
        propertySchema(property, strict, depth, strict && property.required !== true),
      ]),
    ),
    ...(required.length > 0 ? { required } : {}),
    ...(strict ? { additionalProperties: false } : {}),
  };
}

function propertySchema(
  property: PromptyProperty,
  strict: boolean,
  depth: number,
  optional: boolean,
): Record<string, unknown> {
  const type = TYPES.get(property.kind.toLowerCase());
  const schema: Record<string, unknown> = type === undefined ? {} : { type };
  if (typeof property.description === "string" && property.description !== "")
    schema.description = property.description;
  if (Array.isArray(property.enumValues) && property.enumValues.length > 0) schema.enum = property.enumValues;
  if (depth < MAX_DEPTH) {
    if (type === "array") {
      const [items] = isFields(property.items) ? propertiesOf([{ name: "item", ...property.items }]) : [];
      schema.items =
        items === undefined ? { type: "string" } : propertySchema(items, strict, depth + 1, false);
    } else if (type === "object" && property.properties !== undefined) {
      const { type: _type, ...parts } = wireSchema(propertiesOf(property.properties), strict, depth + 1);
      Object.assign(schema, parts);
    } else if (type === "object" && strict) {
      Object.assign(schema, { properties: {}, additionalProperties: false });
    }
    const alternatives = property.anyOf ?? property.oneOf;
    if (property.kind === "union" && Array.isArray(alternatives)) {
      schema.anyOf = propertiesOf(alternatives).map((entry) =>
        propertySchema(entry, strict, depth + 1, false),
      );
    }
  }
  return property.nullable === true || optional ? nullable(schema) : schema;
}

function nullable(schema: Record<string, unknown>): Record<string, unknown> {
  const values =
    Array.isArray(schema.enum) && !schema.enum.includes(null) ? { enum: [...schema.enum, null] } : {};
  if (typeof schema.type === "string") return { ...schema, ...values, type: [schema.type, "null"] };
  return Array.isArray(schema.anyOf)
    ? { ...schema, ...values, anyOf: [...schema.anyOf, { type: "null" }] }
    : schema;
}
