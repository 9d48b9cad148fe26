import { messageOf } from "../errors.ts";
import { duplicateKey } from "./duplicate-key.ts";
import type { Diagnostic } from "../model/flow.ts";
import { jsonErrorOffset } from "./json-error-offset.ts";
import { jsonShape } from "./json-shape.ts";
import { lostInNumber } from "./lost-in-number.ts";
import { readValidJson } from "./read-valid-json.ts";

/** What is wrong with a JSON text, and where. */
export interface JsonProblem {
  severity: Diagnostic["severity"];
  /** In UTF-16 units from the text's start. */
  offset: number;
  message: string;
  remedy: string | undefined;
  /** Of a warning: what the number here loses. */
  lost?: "digits" | "point";
}

const MAX_DEPTH = 64;
const SHOWN_CHARACTERS = 40;
/** Shared, as nearly every text has no problem. */
const NONE: readonly JsonProblem[] = [];
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

/**
 * Parses JSON that a stranger may have written. What `JSON.parse` lets pass is a problem: a key that an object has
 * twice, as only the last would count, nesting of more than 64 levels, a number too large to be one; with a warning, a
 * number that loses digits or its point. The value is undefined where a problem is an error.
 */
export function parseStrictJson(text: string): { value: unknown; problems: readonly JsonProblem[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = messageOf(error).replace(/ at position \d+(?: \(line \d+ column \d+\))?$/, "");
    return refused(jsonErrorOffset(text) ?? 0, `This is not JSON: ${message.slice(0, 200)}.`);
  }
  const { keys, escapedKeys, tooDeep, suspectNumbers } = jsonShape(text, MAX_DEPTH);
  if (tooDeep !== undefined) {
    return refused(tooDeep, `The JSON is nested more than ${MAX_DEPTH} levels deep.`, "Flatten it.");
  }
  if (escapedKeys) value = readValidJson(text);
  const duplicate = countKeys(value) === keys ? undefined : duplicateKey(text);
  if (duplicate !== undefined) {
    const name = duplicate.name.slice(0, SHOWN_CHARACTERS);
    return refused(duplicate.offset, `The key ${name} is given twice.`, "Remove one of the two.");
  }
  if (suspectNumbers === undefined) return { value, problems: NONE };
  const problems = suspectNumbers.flatMap((offset) => numberProblem(text, offset) ?? []);
  return { value: problems.some(({ severity }) => severity === "error") ? undefined : value, problems };
}

function refused(
  offset: number,
  message: string,
  remedy?: string,
): { value: undefined; problems: JsonProblem[] } {
  return { value: undefined, problems: [{ severity: "error", offset, message, remedy }] };
}

function numberProblem(text: string, offset: number): JsonProblem | undefined {
  NUMBER.lastIndex = offset;
  const loss = lostInNumber(NUMBER.exec(text)?.[0] ?? "");
  if (loss === undefined) return undefined;
  const { kind, message, remedy } = loss;
  if (kind === "all") return { severity: "error", offset, message, remedy };
  return { severity: "warning", offset, message, remedy, lost: kind };
}

/** The keys of all objects in a value. `for in` because it is the fastest; what JSON makes has no inherited keys. */
function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object") count += countKeys(item);
    return count;
  }
  const fields = value as Record<string, unknown>;
  for (const name in fields) {
    count += 1;
    const inner = fields[name];
    if (typeof inner === "object") count += countKeys(inner);
  }
  return count;
}
