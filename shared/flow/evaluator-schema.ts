import * as z from "zod";

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
