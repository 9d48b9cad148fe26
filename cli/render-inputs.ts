import { readFile, stat } from "node:fs/promises";
import { decodeText } from "../shared/flow/decode-text.ts";
import { START, type Findings, type Place } from "../shared/flow/diagnostics.ts";
import { positionAt } from "../shared/flow/jinja/template-error.ts";
import { jsonErrorOffset } from "../shared/flow/json-error-offset.ts";
import type { Prompty } from "../shared/flow/prompty.ts";
import { CommandError } from "./command-error.ts";

const MAX_BYTES = 32 * 1024 * 1024;

/** An input with where it was given. */
export interface GivenInput extends Place {
  name: string;
  value: unknown;
  file: string;
}

/** The inputs in a JSON file. What is no JSON object is a finding at its place. Throws `CommandError` for no file. */
export async function readInputs(file: string, findings: Findings): Promise<GivenInput[]> {
  const facts = await stat(file).catch(() => undefined);
  if (facts?.isFile() !== true)
    throw new CommandError(`There is no file ${file}. Name a JSON file with --inputs.`);
  if (facts.size > MAX_BYTES) {
    findings.error(file, START, `The file has ${facts.size} bytes; the limit is 32 MB.`, "Give less.");
    return [];
  }
  const text = decodeText(file, await readFile(file), findings);
  if (text === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const place = positionAt(text, jsonErrorOffset(text) ?? 0);
    findings.error(file, place, "This is not JSON.", "Write one object with the inputs by name.");
    return [];
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    findings.error(file, START, "The inputs are no object.", 'Write them by name: {"question": "..."}.');
    return [];
  }
  return Object.entries(value).map(([name, entry]) => ({
    name,
    value: entry,
    file,
    ...placeOfKey(text, name),
  }));
}

/** Where a key is first written, for a message. */
function placeOfKey(text: string, name: string): Place {
  const at = text.indexOf(JSON.stringify(name));
  return at < 0 ? START : positionAt(text, at);
}

/** Inputs as words of a command, each in the form that the prompt declares. */
export function setInputs(
  set: Readonly<Record<string, string>>,
  prompt: Prompty,
  file: string,
  findings: Findings,
): GivenInput[] {
  return Object.entries(set).map(([name, text]) => {
    const input = prompt.inputs.find((declared) => declared.name === name);
    const value = valueOf(text, input?.type.toLowerCase());
    if (value === undefined) {
      const place = { line: input?.line ?? 1, column: input?.column ?? 1 };
      findings.error(
        file,
        place,
        `--set ${name}: ${text.slice(0, 100)} is no ${input?.type}.`,
        "Write it as JSON.",
      );
    }
    return { name, value, file, ...START };
  });
}

const WHOLE = new Set(["integer", "int"]);
const NUMBERS = new Set([...WHOLE, "float", "number", "double"]);
const BOOLEANS = new Set(["boolean", "bool"]);
const LISTS = new Set(["array", "list", "thread"]);
const OBJECTS = new Set(["object", "dict"]);

/** Undefined where the text is not of the kind. */
function valueOf(text: string, kind: string | undefined): unknown {
  const value = parsed(text);
  if (kind !== undefined && NUMBERS.has(kind)) {
    return typeof value === "number" && (!WHOLE.has(kind) || Number.isInteger(value)) ? value : undefined;
  }
  if (kind !== undefined && BOOLEANS.has(kind)) {
    return { true: true, false: false }[text.trim().toLowerCase()];
  }
  if (kind !== undefined && LISTS.has(kind)) return Array.isArray(value) ? value : undefined;
  const structured = typeof value === "object" && value !== null;
  if (kind !== undefined && OBJECTS.has(kind)) return structured ? value : undefined;
  // What nobody declared is text, unless it can only be meant as JSON.
  return kind === undefined && structured ? value : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
