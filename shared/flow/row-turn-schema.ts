import * as z from "zod";

const rowTurnSchema = z.looseObject({
  question: z.string().trim().min(1).describe("What is asked in this turn."),
  ground_truth: z
    .string()
    .optional()
    .describe("The answer that is expected to it. Without one, comparisons leave this turn out."),
});

export type RowTurn = z.infer<typeof rowTurnSchema>;

/** `turns` of a dataset's row. */
export const rowTurnsSchema = z
  .array(rowTurnSchema)
  .min(1)
  .describe(
    "Questions asked one after the other, each answered with what was said before. A score is the mean over the turns, of harm the worst.",
  );
