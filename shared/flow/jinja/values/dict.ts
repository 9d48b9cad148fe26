import { TemplateError } from "../template-error.ts";
import { Markup, stringOf } from "./markup.ts";
import { Float, numberOf } from "./number.ts";
import { isTuple } from "./tuple.ts";

/** A dict that a template made: any hashable value is a key, and the order is that of insertion. */
export class Dict {
  readonly #entries = new Map<unknown, [key: unknown, value: unknown]>();

  static of(entries: Iterable<readonly [unknown, unknown]>): Dict {
    const made = new Dict();
    for (const [key, value] of entries) made.set(key, value);
    return made;
  }

  /** As in Python, the key that came first stays, and its value is replaced. Throws for a key that has no hash. */
  set(key: unknown, value: unknown): void {
    const hash = hashOf(key);
    const known = this.#entries.get(hash);
    if (known === undefined) this.#entries.set(hash, [key, value]);
    else known[1] = value;
  }

  entry(key: unknown): readonly [unknown, unknown] | undefined {
    return this.#entries.get(hashOf(key));
  }

  get size(): number {
    return this.#entries.size;
  }

  entries(): [unknown, unknown][] {
    return [...this.#entries.values()].map(([key, value]) => [key, value]);
  }
}

const LONGEST_KEY = 1_000_000;

/** What cannot be a key besides lists and dicts. */
export class Unhashable {
  readonly hash = undefined;
}

type PlainDict = Record<string, unknown>;

/** A dict of the template or an object of the inputs; of that only its own keys count. */
export function isDict(value: unknown): value is Dict | PlainDict {
  if (value instanceof Dict) return true;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function entriesOf(dict: Dict | PlainDict): [unknown, unknown][] {
  return dict instanceof Dict ? dict.entries() : Object.entries(dict);
}

export function sizeOfDict(dict: Dict | PlainDict): number {
  return dict instanceof Dict ? dict.size : Object.keys(dict).length;
}

/** A one-element list with the value of a key, or undefined where there is no such key. */
export function valueIn(dict: Dict | PlainDict, key: unknown): [value: unknown] | undefined {
  if (dict instanceof Dict) {
    const entry = dict.entry(key);
    return entry === undefined ? undefined : [entry[1]];
  }
  const name = stringOf(key);
  // What has no hash can be asked for in no dict.
  if (name === undefined) hashOf(key);
  return name !== undefined && Object.hasOwn(dict, name) ? [dict[name]] : undefined;
}

/** What stands for a value among the keys of a `Map`: equal where Python finds the values equal. */
export function hashOf(value: unknown): unknown {
  if (value === null || value === undefined) return value;
  const text = stringOf(value);
  if (text !== undefined) return `s${text}`;
  if (typeof value === "bigint") return value;
  const number = numberOf(value);
  if (number !== undefined) {
    return Number.isInteger(number) && !Number.isSafeInteger(number) ? BigInt(number) : number;
  }
  if (isTuple(value)) {
    let joined = "t";
    for (const item of value) {
      const hash = hashOf(item);
      const part = `${typeof hash}:${String(hash)}`;
      joined += `${part.length}:${part}`;
      // Tuples of shared tuples name one value a million times over.
      if (joined.length > LONGEST_KEY) throw new TemplateError("A tuple is too large to be a key.");
    }
    return joined;
  }
  if (Array.isArray(value)) throw new TemplateError("A list cannot be a key.");
  if (isDict(value)) throw new TemplateError("A dict cannot be a key.");
  if (value instanceof Unhashable) throw new TemplateError("What a dict's methods return cannot be a key.");
  return value;
}

/**
 * Whether two values are one object, as `is sameas` asks; values without identity are compared by type and value, and
 * what is undefined is never the same.
 */
export function isSame(left: unknown, right: unknown): boolean {
  if (left instanceof Float && right instanceof Float) return left.value === right.value;
  if (left instanceof Markup && right instanceof Markup) return left.text === right.text;
  return left !== undefined && left === right;
}
