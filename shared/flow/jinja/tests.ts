import { type CallArguments } from "./arguments.ts";
import { TemplateError } from "./template-error.ts";
import {
  Callable,
  compare,
  isDict,
  isEqual,
  isFloat,
  isTrue,
  itemsOf,
  numberOf,
  typeName,
} from "./values.ts";

type Test = (value: unknown, other: unknown) => boolean;

/** `needle in haystack` as Python has it. */
export function isIn(needle: unknown, haystack: unknown): boolean {
  if (typeof haystack === "string") {
    if (typeof needle === "string") return haystack.includes(needle);
    throw new TemplateError(`Only a str can be in a str, not ${typeName(needle)}.`);
  }
  if (isDict(haystack)) return typeof needle === "string" && Object.hasOwn(haystack, needle);
  const items = itemsOf(haystack);
  if (items === undefined) throw new TemplateError(`Nothing can be in ${typeName(haystack)}.`);
  return items.some((item) => isEqual(item, needle));
}

const equal: Test = (value, other) => isEqual(value, other);
const notEqual: Test = (value, other) => !isEqual(value, other);
const less: Test = (value, other) => compare(value, other) < 0;
const lessOrEqual: Test = (value, other) => compare(value, other) <= 0;
const greater: Test = (value, other) => compare(value, other) > 0;
const greaterOrEqual: Test = (value, other) => compare(value, other) >= 0;

/** Jinja2's tests. `truthy` has no name there: it is what `select` without a test asks. */
const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ["truthy", (value) => isTrue(value)],
  ["defined", (value) => value !== undefined],
  ["undefined", (value) => value === undefined],
  ["none", (value) => value === null],
  ["boolean", (value) => typeof value === "boolean"],
  ["true", (value) => value === true],
  ["false", (value) => value === false],
  ["string", (value) => typeof value === "string"],
  ["number", (value) => numberOf(value) !== undefined],
  ["integer", (value) => typeof value === "number" && !isFloat(value)],
  ["float", (value) => isFloat(value)],
  ["mapping", (value) => isDict(value)],
  ["iterable", (value) => itemsOf(value) !== undefined],
  ["sequence", (value) => itemsOf(value) !== undefined],
  ["callable", (value) => value instanceof Callable],
  ["escaped", () => false],
  ["lower", (value) => typeof value === "string" && /\p{L}/u.test(value) && value === value.toLowerCase()],
  ["upper", (value) => typeof value === "string" && /\p{L}/u.test(value) && value === value.toUpperCase()],
  ["odd", (value) => Math.abs(whole(value) % 2) === 1],
  ["even", (value) => whole(value) % 2 === 0],
  ["divisibleby", (value, other) => whole(value) % whole(other) === 0],
  ["sameas", (value, other) => value === other],
  ["in", isIn],
  ...(["eq", "equalto", "=="] as const).map((name) => [name, equal] as const),
  ...(["ne", "!="] as const).map((name) => [name, notEqual] as const),
  ...(["lt", "lessthan", "<"] as const).map((name) => [name, less] as const),
  ...(["le", "<="] as const).map((name) => [name, lessOrEqual] as const),
  ...(["gt", "greaterthan", ">"] as const).map((name) => [name, greater] as const),
  ...(["ge", ">="] as const).map((name) => [name, greaterOrEqual] as const),
]);

/** The test of a name. Throws `TemplateError` with the known names. */
export function testNamed(name: string, at?: number): (value: unknown, argument: unknown) => boolean {
  const test = TESTS.get(name);
  if (test !== undefined) return test;
  const known = [...TESTS.keys()].filter((key) => /^[a-su-z]|^t(?!ruthy)/.test(key));
  throw new TemplateError(`Unknown test ${name}. Known: ${known.join(", ")}.`, at);
}

export function applyTest(name: string, value: unknown, given: CallArguments): boolean {
  return testNamed(name)(value, given.values[0]);
}

function whole(value: unknown): number {
  const number = numberOf(value);
  if (number === undefined) throw new TemplateError(`This test needs a number, not ${typeName(value)}.`);
  return number;
}
