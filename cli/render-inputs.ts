import { readFile, stat } from "node:fs/promises";
import { decodeText } from "../shared/flow/decode-text.ts";
import { START, type Findings, type Place } from "../shared/flow/diagnostics.ts";
import { positionAt } from "../shared/flow/jinja/template-error.ts";
import { inputValueOf, inputValueProblem } from "../shared/flow/input-value-problem.ts";
import { jsonMembers, pastSpace } from "../shared/flow/json-members.ts";
import type { Prompty } from "../shared/flow/prompty.ts";
import { parseStrictJson } from "../shared/flow/strict-json.ts";
import { CommandError } from "./command-error.ts";

const MAX_BYTES = 32 * 1024 * 1024;
const BY_NAME = 'Write one object with the inputs by name: {"question": "..."}.';

/** An input with where it was given. */
export interface GivenInput extends Place {
  name: string;
  value: unknown;
  file: string;
  /** Where its value stands; the place itself is that of its name. */
  valuePlace: Place;
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
  const { value, problems } = parseStrictJson(text);
  for (const { severity, offset, message, remedy } of problems)
    findings[severity](file, positionAt(text, offset), message, remedy ?? BY_NAME);
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    findings.error(file, START, "The inputs are no object.", BY_NAME);
    return [];
  }
  const fields = value as Record<string, unknown>;
  return jsonMembers(text, pastSpace(text, 0)).map(({ name, key, value: at }) => ({
    name,
    value: fields[name],
    file,
    ...positionAt(text, key),
    valuePlace: positionAt(text, at),
  }));
}

/** Names what a file gives and the prompt, as it declares its inputs, does not take: an error where it cannot be sent. */
export function checkGivenTypes(given: readonly GivenInput[], prompt: Prompty, findings: Findings): void {
  const declared = new Map(prompt.inputs.map((input) => [input.name, input]));
  for (const { name, value, file, valuePlace } of given) {
    const input = declared.get(name);
    const problem = input === undefined ? undefined : inputValueProblem(input, value);
    if (problem !== undefined) findings[problem.severity](file, valuePlace, problem.message, problem.remedy);
  }
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
    const read = input === undefined ? { value: undeclared(text) } : inputValueOf(input, text);
    if (read.problem === undefined) return { name, value: read.value, file, ...START, valuePlace: START };
    const place = { line: input?.line ?? 1, column: input?.column ?? 1 };
    const { severity, message, remedy } = read.problem;
    findings[severity](file, place, `--set ${name}: ${message}`, remedy);
    return { name, value: undeclared(text), file, ...START, valuePlace: START };
  });
}

/** What nobody declared is text, unless it can only be meant as JSON. */
function undeclared(text: string): unknown {
  const { value } = parseStrictJson(text);
  return typeof value === "object" && value !== null ? value : text;
}
