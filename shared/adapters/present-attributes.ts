import type { Attributes, AttributeValue } from "../ports/telemetry.ts";

/** The attributes without those that are undefined: themselves, where all are there. */
export function presentAttributes(attributes: Attributes): Record<string, AttributeValue> {
  if (isComplete(attributes)) return attributes;
  const kept: Record<string, AttributeValue> = {};
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

function isComplete(attributes: Attributes): attributes is Record<string, AttributeValue> {
  for (const name in attributes) if (attributes[name] === undefined) return false;
  return true;
}
