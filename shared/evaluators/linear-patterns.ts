import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { RE2JS, RE2JSException } from "re2js";
import { messageOf } from "../errors.ts";

/** A pattern by RE2, which runs in linear time whatever it is. Throws where it cannot be read. */
export function compilePattern(pattern: string, ignoreCase = false): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  return (text) => compiled.matcher(text).find();
}

/** Why a pattern cannot be read; undefined for one that can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return messageOf(error);
  }
}

/** One for each schema, so that schemas with the same `$id` do not meet. Patterns run in linear time. */
export function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: false, strict: false, code: { regExp: linearPattern } });
  addFormats.default(ajv);
  return ajv;
}

/** What a schema's `pattern` is matched by. Ajv tells patterns apart by what they print as. */
function linearPattern(pattern: string): { test(text: string): boolean; toString(): string } {
  return { test: compilePattern(pattern), toString: () => pattern };
}
linearPattern.code = 'require("re2js")';
