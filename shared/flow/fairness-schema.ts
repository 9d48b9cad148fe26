import * as z from "zod";
import { fields } from "./strict-fields.ts";

const limit = (example: string): z.ZodType<string | number> =>
  z.union([z.string(), z.number()], { error: `Expected a threshold such as "${example}".` });

/** `gate.judge` as it is written. */
export const judgingSchema = fields({
  agreement: limit(">= 0.6")
    .optional()
    .describe('The least agreement with people on pass or fail, as Cohen\'s kappa: ">= 0.6".'),
  labels: limit(">= 30")
    .optional()
    .describe(
      'The fewest labelled answers that have to show it: ">= 30", the default where agreement is asked for.',
    ),
}).describe("What must hold of a judge, by the labels of people, before what rests on it may pass or fail.");

/** One entry of `gate.fairness` as it is written. */
export const fairnessEntrySchema = fields({
  of: z.string().min(1).describe("The metric whose means are compared, such as groundedness."),
  by: z
    .string()
    .min(1)
    .optional()
    .describe("The field that groups the rows: one of theirs, or of a record looked up: customer.region."),
  counterfactual: z
    .string()
    .min(1)
    .optional()
    .describe("The name of evaluation.counterfactuals whose rows are compared with those they are made of."),
  gap: limit("<= 0.3").describe('The largest difference of the means that is accepted: "<= 0.3".'),
});
export const fairnessSchema = z
  .union([fairnessEntrySchema, z.array(fairnessEntrySchema).min(1, "Name at least one gap.")])
  .describe("The largest gap between groups of rows, or between rows and their counterfactuals.");

const WORD = "Expected a word or a name.";
const word = z.string(WORD).trim().min(1, WORD).max(100, "At most 100 characters.");
const name = z
  .string()
  .regex(/^[A-Za-z0-9][\w-]{0,39}$/, "A name has letters, digits, hyphens and underscores, at most 40.");

/** One entry of `evaluation.counterfactuals` as it is written. */
export const counterfactualSchema = fields({
  name: name.describe("What it is called in the gate and in reports, such as gender."),
  field: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1, "Name at least one field.")])
    .optional()
    .describe("The input, or inputs, whose words are swapped (default: every text of the row)."),
  swap: z
    .array(z.tuple([word, word], "Expected two words: [he, she]."))
    .min(1, "Name at least one pair: [[he, she]].")
    .max(500, "At most 500 pairs.")
    .describe("Pairs of words that take each other's place: [[he, she], [Mr, Ms]]."),
});
export const counterfactualsSchema = z
  .array(counterfactualSchema)
  .max(20, "At most 20 counterfactuals.")
  .describe("Rows made of the datasets' by swapping words, to be compared with them by gate.fairness.");
