import { MAX_TEXT } from "./limits.ts";
import { TemplateError } from "./template-error.ts";

/**
 * What a template computes with: undefined, null (None), booleans, strings, numbers (a whole one is Python's int, any
 * other its float), `Float` (a whole float, such as 2.0), arrays (lists and tuples), plain objects (dicts, own keys
 * only), `Callable` and `Namespace`. Nothing of JavaScript is reachable: no prototype, no method, no function that an
 * input brings along.
 */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** Something a template can call. */
export class Callable {
  readonly name: string;
  readonly call: (values: unknown[], named: ReadonlyMap<string, unknown>) => unknown;
  constructor(name: string, call: Callable["call"]) {
    this.name = name;
    this.call = call;
  }
}

/** `namespace()`: the one kind of object whose attributes a template may set. */
export class Namespace {
  readonly attributes = new Map<string, unknown>();
}

export type Dict = Record<string, unknown>;

const tuples = new WeakSet<object>();

export function tuple(items: unknown[]): unknown[] {
  tuples.add(items);
  return items;
}

export function isTuple(value: unknown): value is unknown[] {
  return Array.isArray(value) && tuples.has(value);
}

export function isDict(value: unknown): value is Dict {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A dict without a prototype, so that no key means anything special. */
export function dict(entries: Iterable<readonly [string, unknown]>): Dict {
  const made = Object.create(null) as Dict;
  for (const [key, value] of entries) made[key] = value;
  return made;
}

/** The number of an int, a float or a boolean; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (value instanceof Float) return value.value;
  return typeof value === "boolean" ? Number(value) : undefined;
}

export function isFloat(value: unknown): boolean {
  return value instanceof Float || (typeof value === "number" && !Number.isInteger(value));
}

/** A number that stays a float even when it is whole. */
export function floatOf(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** Python's truth: empty texts, lists and dicts, zero, None and what is undefined are false. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Float) return value.value !== 0;
  if (isDict(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** The name of a value's type as Python calls it, for messages. */
export function typeName(value: unknown): string {
  if (value === undefined) return "undefined";
  if (value === null) return "None";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "str";
  if (numberOf(value) !== undefined) return isFloat(value) ? "float" : "int";
  if (Array.isArray(value)) return tuples.has(value) ? "tuple" : "list";
  return isDict(value) ? "dict" : value instanceof Callable ? "function" : "object";
}

/** The items a loop visits; undefined where the value is not iterable. What is undefined counts as empty. */
export function itemsOf(value: unknown): unknown[] | undefined {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  if (typeof value === "string") return Array.from(value);
  return isDict(value) ? Object.keys(value) : undefined;
}

/** Counts down while a value is walked, so that one that holds itself many times over cannot run on. */
export interface Room {
  left: number;
}

/** An empty part costs more than the characters it adds. */
export const COST_OF_PART = 4;

export function take(room: Room, amount: number): void {
  room.left -= amount;
  if (room.left < 0) throw new TemplateError("A value is too large to be used as text.");
}

/** Python's `str()`, except that what is undefined is the empty text. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : reprOf(value);
}

/** Python's `repr()`. */
export function reprOf(value: unknown, room: Room = { left: MAX_TEXT }): string {
  take(room, COST_OF_PART);
  if (value === undefined) return "Undefined";
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") {
    take(room, value.length);
    return quote(value);
  }
  if (typeof value === "number") return Number.isInteger(value) ? integerText(value) : floatText(value);
  if (value instanceof Float) return floatText(value.value);
  if (Array.isArray(value)) {
    const items = value.map((item) => reprOf(item, room));
    if (!tuples.has(value)) return `[${items.join(", ")}]`;
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
  }
  if (isDict(value)) {
    const entries = Object.entries(value).map(([key, entry]) => {
      take(room, key.length);
      return `${quote(key)}: ${reprOf(entry, room)}`;
    });
    return `{${entries.join(", ")}}`;
  }
  return value instanceof Callable ? `<function ${value.name}>` : "<object>";
}

function integerText(value: number): string {
  return Math.abs(value) < 1e21 ? String(value) : BigInt(value).toString();
}

/** Python's shortest form: an exponent from 1e16 on and below 1e-4, of two digits at least. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    const sign = exponent.startsWith("-") ? "-" : "+";
    return `${digits}e${sign}${exponent.replace(/^[-+]/, "").padStart(2, "0")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let quoted = "";
  for (const character of text) {
    if (character === mark || character === "\\") quoted += `\\${character}`;
    else if (character === "\n") quoted += "\\n";
    else if (character === "\r") quoted += "\\r";
    else if (character === "\t") quoted += "\\t";
    else if (character < " " || character === "\x7f")
      quoted += `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
    else quoted += character;
  }
  return mark + quoted + mark;
}

/** Python's `==`: by content, and numbers by value whatever their type. */
export function isEqual(left: unknown, right: unknown, room: Room = { left: MAX_TEXT }): boolean {
  take(room, 1);
  if (left === right) return true;
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined || b !== undefined) return a === b;
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length || tuples.has(left) !== tuples.has(right)) return false;
    return left.every((item, index) => isEqual(item, right[index], room));
  }
  if (isDict(left) && isDict(right)) {
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length) return false;
    return keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key], room));
  }
  return false;
}

/** Python's ordering: negative, zero or positive. Throws for values that have none. */
export function compare(left: unknown, right: unknown, room: Room = { left: MAX_TEXT }): number {
  take(room, 1);
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) return a - b;
  if (typeof left === "string" && typeof right === "string") {
    return left === right ? 0 : byCodePoint(left, right);
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
      if (!isEqual(left[index], right[index], room)) return compare(left[index], right[index], room);
    }
    return left.length - right.length;
  }
  throw new TemplateError(`${typeName(left)} and ${typeName(right)} have no order.`);
}

function byCodePoint(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    if (left[index] === right[index]) continue;
    return (left.codePointAt(index) ?? 0) - (right.codePointAt(index) ?? 0);
  }
  return left.length - right.length;
}
