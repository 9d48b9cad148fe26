import type { CallArguments } from "./values/call-arguments.ts";
import { calculate } from "./arithmetic.ts";
import { bindArguments } from "./arguments.ts";
import { isFilter } from "./filters.ts";
import type { Budget } from "./limits.ts";
import { TemplateError } from "./template-error.ts";
import { isLower, isUpper } from "./text/case.ts";
import { Callable } from "./values/callable.ts";
import { hashOf, isDict, isSame, valueIn } from "./values/dict.ts";
import { DictView } from "./values/dict-view.ts";
import { isEqual } from "./values/equality.ts";
import { itemsOf, sizeOf } from "./values/items-of.ts";
import { Markup, stringOf } from "./values/markup.ts";
import { intOf, isFloat, numberOf } from "./values/number.ts";
import { OnePass } from "./values/one-pass.ts";
import { isLess } from "./values/ordering.ts";
import { Range } from "./values/range.ts";
import { textOf } from "./values/repr.ts";
import { typeName } from "./values/type-name.ts";

interface Test {
  parameters: readonly string[];
  holds(value: unknown, other: unknown, budget: Budget): boolean;
}

/** `needle in haystack` as Python has it. */
export function isIn(needle: unknown, haystack: unknown, budget: Budget): boolean {
  const text = stringOf(haystack);
  if (text !== undefined) {
    const part = stringOf(needle);
    if (part === undefined) throw new TemplateError(`Only a str can be in a str, not ${typeName(needle)}.`);
    budget.pass(text.length);
    return text.includes(part);
  }
  budget.pass(stringOf(needle)?.length ?? 0);
  if (isDict(haystack)) return valueIn(haystack, needle) !== undefined;
  if (haystack instanceof DictView && haystack.kind === "keys") {
    return valueIn(haystack.dict, needle) !== undefined;
  }
  if (haystack instanceof Range) {
    const number = numberOf(needle);
    return number !== undefined && haystack.indexOf(number) >= 0;
  }
  const items = itemsOf(haystack, budget);
  if (items === undefined) throw new TemplateError(`Nothing can be in ${typeName(haystack)}.`);
  return items.some((item) => isEqual(item, needle, budget));
}

function alone(holds: (value: unknown, budget: Budget) => boolean): Test {
  return { parameters: [], holds: (value, _other, budget) => holds(value, budget) };
}

function beside(parameter: string, holds: Test["holds"]): Test {
  return { parameters: [parameter], holds };
}

const equal = beside("b", isEqual);
const notEqual = beside("b", (value, other, budget) => !isEqual(value, other, budget));
const less = beside("b", isLess);
const greater = beside("b", (value, other, budget) => isLess(other, value, budget));
const lessOrEqual = beside("b", isAtMost);
const greaterOrEqual = beside("b", (value, other, budget) => isAtMost(other, value, budget));

/** Python's `<=`: nan is neither less nor equal. */
export function isAtMost(left: unknown, right: unknown, budget: Budget): boolean {
  return isLess(left, right, budget) || isEqual(left, right, budget);
}

const isRest = (rest: number) => (value: unknown, budget: Budget) =>
  isEqual(calculate("%", value, 2, budget), rest, budget);

/** Jinja2's tests. */
const TESTS: ReadonlyMap<string, Test> = new Map([
  ["defined", alone((value) => value !== undefined)],
  ["undefined", alone((value) => value === undefined)],
  ["none", alone((value) => value === null)],
  ["boolean", alone((value) => typeof value === "boolean")],
  ["true", alone((value) => value === true)],
  ["false", alone((value) => value === false)],
  ["string", alone((value) => stringOf(value) !== undefined)],
  ["number", alone((value) => numberOf(value) !== undefined)],
  ["integer", alone((value) => intOf(value) !== undefined && typeof value !== "boolean")],
  ["float", alone(isFloat)],
  ["mapping", alone(isDict)],
  ["iterable", alone((value) => value instanceof OnePass || isSized(value))],
  ["sequence", alone((value) => isSized(value) && !(value instanceof DictView))],
  ["callable", alone((value) => value === undefined || value instanceof Callable)],
  ["escaped", alone((value) => value instanceof Markup)],
  ["lower", alone((value, budget) => isLower(textOf(value, budget)))],
  ["upper", alone((value, budget) => isUpper(textOf(value, budget)))],
  ["odd", alone(isRest(1))],
  ["even", alone(isRest(0))],
  [
    "divisibleby",
    beside("num", (value, other, budget) => isEqual(calculate("%", value, other, budget), 0, budget)),
  ],
  ["sameas", beside("other", isSame)],
  ["in", beside("seq", isIn)],
  ["filter", alone((value) => isFilter(nameOf(value)))],
  ["test", alone((value) => TESTS.has(nameOf(value)))],
  ...(["eq", "equalto", "=="] as const).map((name): [string, Test] => [name, equal]),
  ...(["ne", "!="] as const).map((name): [string, Test] => [name, notEqual]),
  ...(["lt", "lessthan", "<"] as const).map((name): [string, Test] => [name, less]),
  ...(["le", "<="] as const).map((name): [string, Test] => [name, lessOrEqual]),
  ...(["gt", "greaterthan", ">"] as const).map((name): [string, Test] => [name, greater]),
  ...(["ge", ">="] as const).map((name): [string, Test] => [name, greaterOrEqual]),
]);

/** What has no hash can be no name, as Python says. */
function nameOf(value: unknown): string {
  hashOf(value);
  return stringOf(value) ?? "";
}

function isSized(value: unknown): boolean {
  return stringOf(value) !== undefined || sizeOf(value) !== undefined;
}

/** The test of a name. Throws `TemplateError` with the known names. */
export function testNamed(name: string, at?: number): Test {
  const test = TESTS.get(name);
  if (test !== undefined) return test;
  throw new TemplateError(`Unknown test ${name}. Known: ${[...TESTS.keys()].join(", ")}.`, at);
}

export function applyTest(name: string, value: unknown, given: CallArguments, budget: Budget): boolean {
  const { parameters, holds } = testNamed(name);
  const [other] = bindArguments(name, { parameters, required: parameters.length }, given);
  return holds(value, other, budget);
}
