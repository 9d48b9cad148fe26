import { formOf } from "./input-forms.ts";
import { isFields, isPropertyKind, propertiesOf, type PromptyProperty } from "./prompty-property.ts";

/** What a declaration says of what a value holds. */
export interface DeclaredParts {
  items?: unknown;
  properties?: unknown;
}

const MAX_DEPTH = 16;
/** Of a list, what stands further behind is taken as it is. */
const MAX_ITEMS = 1000;

/** A part of a value that is not of the kind declared for it. */
export interface WrongPart {
  /** Within the value, such as `[2].name`. */
  path: string;
  kind: string;
  value: unknown;
}

/** The first part of a value that its declaration's `items` and `properties` do not take. What is null is not given. */
export function wrongPart(declared: DeclaredParts, value: unknown, depth = 0): WrongPart | undefined {
  if (depth >= MAX_DEPTH) return undefined;
  if (Array.isArray(value)) {
    const items = itemsOf(declared.items);
    if (items === undefined) return undefined;
    for (const [index, item] of value.slice(0, MAX_ITEMS).entries()) {
      const wrong = wrongIn(items, item, `[${index}]`, depth);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  if (!isFields(value)) return undefined;
  for (const property of propertiesOf(declared.properties)) {
    if (!Object.hasOwn(value, property.name)) continue;
    const wrong = wrongIn(property, value[property.name], `.${property.name}`, depth);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function wrongIn(
  declared: PromptyProperty,
  value: unknown,
  path: string,
  depth: number,
): WrongPart | undefined {
  if (value === null || value === undefined) return undefined;
  const { kind, items, properties } = declared;
  if (isPropertyKind(kind) && formOf(kind)?.fits(value) === false) return { path, kind, value };
  const inner = wrongPart({ items, properties }, value, depth + 1);
  return inner === undefined ? undefined : { ...inner, path: path + inner.path };
}

/** One kind for all items: by its name, or written out. */
function itemsOf(items: unknown): PromptyProperty | undefined {
  if (typeof items === "string") return { name: "items", kind: items };
  if (!isFields(items)) return undefined;
  const { kind = items.type } = items;
  return typeof kind === "string" ? { ...items, name: "items", kind } : undefined;
}
