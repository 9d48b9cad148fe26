import { changingMethod, methodOf } from "./methods/method-of.ts";
import type { Budget } from "./limits.ts";
import { TemplateError } from "./template-error.ts";
import { TemplateObject } from "./values/callable.ts";
import { characterAt } from "./values/characters.ts";
import { isDict, valueIn } from "./values/dict.ts";
import { itemsOf } from "./values/items-of.ts";
import { Markup, stringOf } from "./values/markup.ts";
import { Namespace } from "./values/namespace.ts";
import { Float, intOf, isFloat, numberOf } from "./values/number.ts";
import { Range } from "./values/range.ts";
import { isGroup, isTuple, tuple } from "./values/tuple.ts";
import { typeName } from "./values/type-name.ts";
import { sliceBounds } from "./slice-bounds.ts";

/**
 * `object.name`. A dict's own key comes before its method, except where the attribute is called: `order.items()` is
 * the method, `order.items` the field where there is one. Only own keys exist. What is missing is undefined; on what
 * is undefined nothing can be looked up.
 */
export function attributeOf(object: unknown, name: string, called: boolean, budget: Budget): unknown {
  const own = isDict(object) ? valueIn(object, name) : undefined;
  if (own !== undefined && !called) return own[0];
  const found = pythonAttribute(object, name, budget);
  if (found !== undefined) return found;
  return own === undefined ? refusal(object, name, called) : own[0];
}

/** Read but not called, a method that changes its object is undefined, as in the sandbox. */
function refusal(object: unknown, name: string, called: boolean): unknown {
  return called ? changingMethod(object, name) : undefined;
}

/** An attribute as Python's `getattr` finds it: no keys of a dict. */
export function pythonAttribute(object: unknown, name: string, budget: Budget): unknown {
  if (object === undefined) throw new TemplateError(`What is undefined has no ${name}.`);
  if (object instanceof Namespace) return object.attributes.get(name);
  if (object instanceof TemplateObject) return object.field(name);
  if (isGroup(object)) {
    if (name === "grouper") return object[0];
    if (name === "list") return object[1];
  }
  if (object instanceof Range && (name === "start" || name === "stop" || name === "step"))
    return object[name];
  return numberField(object, name) ?? methodOf(object, name, contextOf(budget));
}

function contextOf(budget: Budget): Parameters<typeof methodOf>[2] {
  return {
    budget,
    attribute: (value, name) => attributeOf(value, name, false, budget),
    item: (value, key) => itemOf(value, key, budget),
  };
}

function numberField(object: unknown, name: string): unknown {
  if (numberOf(object) === undefined) return undefined;
  const self = typeof object === "boolean" ? Number(object) : object;
  if (name === "real") return self;
  if (name === "imag") return isFloat(self) ? new Float(0) : 0;
  if (isFloat(self)) return undefined;
  if (name === "numerator") return self;
  return name === "denominator" ? 1 : undefined;
}

/** `object[index]`; negative positions count from the end. What no index fits is undefined, as in Jinja2. */
export function itemOf(object: unknown, index: unknown, budget: Budget): unknown {
  if (object === undefined) throw new TemplateError("What is undefined has no items.");
  const text = stringOf(object);
  const position = intOf(index);
  if (position !== undefined && typeof position === "number") {
    if (text !== undefined) {
      budget.pass(text.length);
      const character = characterAt(text, position);
      return object instanceof Markup && character !== undefined ? new Markup(character) : character;
    }
    if (Array.isArray(object)) return object.at(position);
    if (object instanceof Range) return object.at(position);
  }
  const name = stringOf(index);
  if (name !== undefined) budget.pass(name.length);
  if (isDict(object)) {
    const found = isHashable(index) ? valueIn(object, index) : undefined;
    if (found !== undefined) return found[0];
  }
  return name === undefined ? undefined : pythonAttribute(object, name, budget);
}

function isHashable(value: unknown): boolean {
  // Of a tuple it is found out where it is hashed, which ends for tuples of shared tuples too.
  if (isTuple(value)) return value.every((item) => isTuple(item) || isHashable(item));
  return !Array.isArray(value) && !isDict(value);
}

/** Python's slice: `[start:stop:step]`; of a tuple it is a tuple, of a range a range. */
export function sliceOf(
  object: unknown,
  start: unknown,
  stop: unknown,
  step: unknown,
  budget: Budget,
): unknown {
  const text = stringOf(object);
  if (text === undefined && !Array.isArray(object) && !(object instanceof Range)) {
    throw new TemplateError(`${typeName(object)} has no slices.`);
  }
  const items = object instanceof Range ? object : (itemsOf(object, budget) ?? []);
  const { from, to, stride } = sliceBounds(items.length, start, stop, step);
  if (object instanceof Range) {
    return new Range(
      object.start + from * object.step,
      object.start + to * object.step,
      object.step * stride,
    );
  }
  const found: unknown[] = [];
  const all = items as unknown[];
  for (let at = from; stride > 0 ? at < to : at > to; at += stride) found.push(all[at]);
  budget.pass(found.length);
  if (text !== undefined) return object instanceof Markup ? new Markup(found.join("")) : found.join("");
  return isTuple(object) ? tuple(found) : found;
}
