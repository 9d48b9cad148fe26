import * as z from "zod";

/** Where a flow keeps what people say of answers. */
export const LABELS_FILE = "data/labels.jsonl";

/** One line of `data/labels.jsonl`: what a person says of one answer. The editors' schema is made from this one. */
export const labelSchema = z
  .strictObject({
    row: z.union([z.string().min(1), z.number()]).describe("The id of the dataset's row that was asked."),
    turn: z
      .int()
      .min(1)
      .optional()
      .describe("Of a row that asks several questions: which of them was answered, counted from 1."),
    before: z
      .array(
        z.strictObject({
          role: z.enum(["user", "assistant"]).describe("Who said it."),
          content: z.string().describe("What was said."),
        }),
      )
      .optional()
      .describe("What was said before that turn."),
    answer: z.string().min(1).describe("The answer that was judged, as it was given."),
    context: z.string().optional().describe("What the answer could draw on, where that was recorded."),
    scores: z
      .record(z.string(), z.number())
      .refine((scores) => Object.keys(scores).length > 0, "Score by at least one evaluator.")
      .meta({
        description: "The person's score by evaluator, on the evaluator's own scale.",
        minProperties: 1,
      }),
    by: z.string().optional().describe("Who judged."),
    at: z.string().optional().describe("When, as ISO 8601: 2026-11-22 or 2026-11-22T09:30:00Z."),
    note: z.string().optional().describe("Why, in the person's words."),
    chosen: z
      .enum(["random", "hard"])
      .optional()
      .describe("How the row was chosen: hard ones show where a judge errs, and are left out of its bias."),
  })
  .meta({ description: "What a person says of one answer, to hold the judge against." });
