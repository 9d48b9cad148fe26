import * as z from "zod";
import { isFields } from "./prompty-property.ts";

/** One evaluator of `evaluation.evaluators`: its name, or a name with what the flow tells it. */
export const evaluatorSchema = z.union([
  z.string(),
  z.record(
    z.string(),
    z.looseObject({
      use: z
        .string()
        .optional()
        .describe("Which evaluator scores it, where the metric has a name of its own."),
      threshold: z.number().optional().describe("A row passes at this value or on its better side."),
    }),
    { error: "Expected an evaluator's name, or { name: { threshold: 4 } }." },
  ),
]);

/** `{ name: tone, prompt: tone.prompty }`, as other tools have it: what an evaluator is told, without its name above. */
export function isUnnamed(entry: unknown): boolean {
  return isFields(entry) && ["name", "type", "use"].some((key) => typeof entry[key] === "string");
}
