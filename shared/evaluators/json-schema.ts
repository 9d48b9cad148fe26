import type { ValidateFunction } from "ajv";
import * as z from "zod";
import { messageOf } from "../errors.ts";
import { contentHash } from "../model/canonical.ts";
import type { EvaluatorDefinition } from "./evaluator.ts";
import { linearPatterns } from "./load-later.ts";
import { unscorable } from "./unscorable.ts";

const schema = z.record(z.string(), z.unknown());
const options = z.strictObject({
  schema: schema
    .refine((written) => problemOf(written) === undefined, {
      error: ({ input }) => problemOf(input as object) ?? "",
    })
    .optional()
    .describe("A JSON schema (2020-12). Without it, the row's field json_schema, or any JSON."),
});

const SHOWN = 3;
const KEPT = 100;

/** The answer must be JSON by a schema, bare or in one code fence. */
export const jsonSchema: EvaluatorDefinition = {
  name: "json_schema",
  kind: "text-overlap",
  scale: { min: 0, max: 1 },
  direction: "higher",
  threshold: 1,
  needs: ["answer"],
  help: "Whether the answer is JSON that fits a schema (1), or not (0).",
  source: "JSON Schema 2020-12",
  revision: "1",
  options,
  async measure(input) {
    const why = unscorable(["answer"], input);
    if (why !== undefined) return { value: null, reason: why };
    const told = options.parse(input.options);
    const wanted = told.schema ?? schema.safeParse(input.fields["json_schema"]).data ?? {};
    const problem = problemOf(wanted);
    if (problem !== undefined) return { value: null, reason: problem };
    let value: unknown;
    try {
      value = JSON.parse(unfenced(input.answer));
    } catch (error) {
      return { value: 0, reason: `It is not JSON: ${messageOf(error)}.` };
    }
    const validate = compiled(wanted);
    if (validate(value)) return { value: 1, reason: "It fits the schema." };
    const said = (validate.errors ?? []).map(
      (error) => `${error.instancePath || "it"} ${error.message ?? ""}`,
    );
    return { value: 0, reason: `It does not fit the schema: ${said.slice(0, SHOWN).join("; ")}.` };
  },
};

const known = new Map<string, ValidateFunction>();

function compiled(written: object): ValidateFunction {
  const key = contentHash(written);
  const validate = known.get(key) ?? linearPatterns().newAjv().compile(written);
  if (known.size >= KEPT) known.clear();
  known.set(key, validate);
  return validate;
}

function problemOf(written: object): string | undefined {
  try {
    compiled(written);
    return undefined;
  } catch (error) {
    return `The schema cannot be read: ${messageOf(error)}.`;
  }
}

function unfenced(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/i.exec(text)?.[1] ?? text;
}
