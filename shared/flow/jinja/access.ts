import type { Budget } from "./limits.ts";
import { Loop } from "./loop.ts";
import { methodOf } from "./methods.ts";
import { TemplateError } from "./template-error.ts";
import { isDict, isTuple, Namespace, numberOf, typeName } from "./values.ts";

/**
 * `object.name`. A dict's own key comes before its method, except where the attribute is called: `order.items()` is
 * the method, `order.items` the field where there is one. Only own keys exist. What is missing is undefined, also
 * on what is itself missing, so that a lookup that found nothing leaves a gap instead of an error.
 */
export function attributeOf(object: unknown, name: string, called: boolean, budget: Budget): unknown {
  if (object instanceof Namespace) return object.attributes.get(name);
  if (object instanceof Loop) return object.field(name);
  if (isDict(object)) {
    const own = Object.hasOwn(object, name);
    if (called) return methodOf(object, name, budget) ?? (own ? object[name] : undefined);
    return own ? object[name] : methodOf(object, name, budget);
  }
  if (isTuple(object) && object.length === 2) {
    // The pairs that groupby makes have names for their parts.
    if (name === "grouper") return object[0];
    if (name === "list") return object[1];
  }
  return methodOf(object, name, budget);
}

/** `object[index]`; negative positions count from the end. */
export function itemOf(object: unknown, index: unknown, budget: Budget): unknown {
  if (Array.isArray(object) || typeof object === "string") {
    const position = numberOf(index);
    if (position !== undefined && Number.isInteger(position)) {
      return (typeof object === "string" ? Array.from(object) : object).at(position);
    }
  }
  if (isDict(object) && typeof index === "number") {
    return Object.hasOwn(object, index) ? object[index] : undefined;
  }
  return typeof index === "string" ? attributeOf(object, index, false, budget) : undefined;
}

/** Python's slice: `[start:stop:step]`. */
export function sliceOf(object: unknown, start: unknown, stop: unknown, step: unknown): unknown {
  if (object === undefined) return [];
  if (!Array.isArray(object) && typeof object !== "string") {
    throw new TemplateError(`${typeName(object)} has no slices.`);
  }
  const items: unknown[] = typeof object === "string" ? Array.from(object) : object;
  const stride = bound(step) ?? 1;
  if (stride === 0) throw new TemplateError("A slice's step must not be 0.");
  const length = items.length;
  const lowest = stride > 0 ? 0 : -1;
  const highest = stride > 0 ? length : length - 1;
  const clamp = (position: number | undefined, fallback: number): number => {
    if (position === undefined) return fallback;
    return Math.min(Math.max(position < 0 ? position + length : position, lowest), highest);
  };
  const from = clamp(bound(start), stride > 0 ? lowest : highest);
  const to = clamp(bound(stop), stride > 0 ? highest : lowest);
  const found: unknown[] = [];
  for (let at = from; stride > 0 ? at < to : at > to; at += stride) found.push(items[at]);
  return typeof object === "string" ? found.join("") : found;
}

function bound(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = numberOf(value);
  if (number === undefined || !Number.isInteger(number))
    throw new TemplateError("A slice needs whole numbers.");
  return number;
}
