import * as z from "zod";
import { rowTurnsSchema } from "./row-turn-schema.ts";

export const NO_INPUT = "The row has no input.";
/** Fields that judge or describe a row and are no input of the flow. */
export const NOT_INPUTS = ["id", "ground_truth", "groundTruth", "category", "tags"];

const message = z.looseObject({
  role: z
    .string()
    .describe(
      "Who speaks: user, assistant, tool or function. What system and developer say is left out of a history.",
    ),
  content: z.unknown().optional().describe("What was said."),
});
const exchange = z.looseObject({
  inputs: z.unknown().describe("What the user asked, as Prompt Flow writes it: { question }."),
  outputs: z.unknown().describe("What was answered, as Prompt Flow writes it: { answer }."),
});
const history = z
  .union([z.array(z.union([message, exchange])), z.string(), z.null()])
  .describe("The turns before the question, each with role and content.");
const expected = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .describe("The expected answer, for the evaluators that compare: similarity, f1_score, exact_match.");

/** One row of a dataset as it is written. The editors' schema is made from this one. */
export const datasetRowSchema = z
  .looseObject({
    id: z
      .union([z.string(), z.number(), z.null()])
      .optional()
      .describe("The row's name in reports, once in all datasets; made of its content where there is none."),
    question: z.unknown().optional().describe("What is asked: the input that most flows take."),
    turns: rowTurnsSchema.optional(),
    ground_truth: expected.optional(),
    groundTruth: expected.optional(),
    chat_history: history.optional(),
    history: history.optional(),
    category: z.unknown().optional().describe("What kind of row it is. Not an input of the flow."),
    tags: z.unknown().optional().describe("Words to find it by. Not an input of the flow."),
  })
  .refine((row) => Object.keys(row).some((name) => !NOT_INPUTS.includes(name) && isGiven(row[name])), {
    error: NO_INPUT,
    // Asked of rows with other problems too.
    when: ({ value }) => typeof value === "object" && value !== null,
  })
  .meta({
    description: "One row of a dataset: every other field is an input of the flow, under its own name.",
    // What `refine` asks, as far as JSON schemas can say it; apart, so that only this has this message.
    allOf: [
      {
        not: { propertyNames: { enum: NOT_INPUTS } },
        errorMessage: `${NO_INPUT} Give it a question: {"question": "..."}.`,
      },
    ],
  });

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
