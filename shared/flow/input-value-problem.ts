import { formOf, isMedia, takesEmptyText } from "./input-forms.ts";
import { suggestion } from "./nearest-name.ts";
import { wrongPart } from "./wrong-part.ts";
import type { PromptyInput } from "./prompty.ts";

const SHOWN_CHARACTERS = 60;

/** Why a value is none that an input takes, and what to write. */
export interface InputValueProblem {
  message: string;
  remedy: string;
  /** An error only where the prompt cannot be rendered with the value: Prompty does not hold values to their kinds. */
  severity: "error" | "warning";
}

/**
 * What is wrong with a value of an input, by the type and the values its prompt declares. A type that was guessed is
 * no promise, and nothing may be given for what is not required.
 */
export function inputValueProblem(input: PromptyInput, value: unknown): InputValueProblem | undefined {
  if (value === undefined) return undefined;
  if (value === null) {
    if (!input.required || input.nullable === true) return undefined;
    const message = `The input ${input.name} is required; here stands null.`;
    return { message, remedy: "Give it a value.", severity: "error" };
  }
  const form = input.guessed === true ? undefined : formOf(input.type);
  if (form !== undefined && !form.fits(value)) {
    const message = `The input ${input.name} is declared as ${input.type}; here stands ${shown(value)}.`;
    const severity = isMedia(form) ? "error" : "warning";
    return { message, remedy: rewritten(input.type, value) ?? form.hint, severity };
  }
  return partProblem(input, value) ?? enumProblem(input, value);
}

function partProblem({ name, parts }: PromptyInput, value: unknown): InputValueProblem | undefined {
  const wrong = parts && wrongPart(parts, value);
  if (wrong === undefined) return undefined;
  const message = `In the input ${name}, ${name}${wrong.path} is declared as ${wrong.kind}; here stands ${shown(wrong.value)}.`;
  const remedy = rewritten(wrong.kind, wrong.value) ?? formOf(wrong.kind)?.hint ?? "Correct it.";
  return { message, remedy, severity: "warning" };
}

/** The value that a text stands for, such as a cell of a CSV file; undefined for nothing. */
export function inputValueOf(
  input: PromptyInput,
  text: string,
): { value: unknown; problem?: undefined } | { problem: InputValueProblem } {
  const form = formOf(input.type);
  if (text.trim() === "" && !takesEmptyText(form)) {
    if (!input.required || input.default !== undefined) return { value: undefined };
    return {
      problem: {
        message: `The input ${input.name} is required; here stands nothing.`,
        remedy: "Give it a value.",
        severity: "error",
      },
    };
  }
  const value = form === undefined ? text : form.read(text);
  if (form !== undefined && value === undefined) {
    if (input.guessed === true) return { value: text };
    const message = `The input ${input.name} is declared as ${input.type}; here stands ${shown(text)}.`;
    return { problem: { message, remedy: form.hint, severity: "warning" } };
  }
  const problem = inputValueProblem(input, value);
  return problem === undefined ? { value } : { problem };
}

function enumProblem({ name, enumValues }: PromptyInput, value: unknown): InputValueProblem | undefined {
  if (enumValues === undefined || enumValues.length === 0 || enumValues.includes(value)) return undefined;
  const known = enumValues.map(String);
  return {
    message: `The input ${name} does not take ${shown(value)}.`,
    remedy: suggestion(typeof value === "string" ? value : shown(value), known, "values"),
    severity: "warning",
  };
}

/** The same in the form that is asked for, where only the quotes are wrong. */
function rewritten(type: string, value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") {
    return formOf(type) === formOf("string") ? `Put it in quotes: "${value}".` : undefined;
  }
  if (typeof value !== "string") return undefined;
  const meant = value.trim() === "" ? undefined : formOf(type)?.read(value);
  return meant === undefined || typeof meant === "string"
    ? undefined
    : `Write it without quotes: ${JSON.stringify(meant).slice(0, SHOWN_CHARACTERS)}.`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return `${typeof value === "number" ? "the number " : ""}${String(value)}`;
  const text = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}...` : value;
  return `the text ${JSON.stringify(text)}`;
}
