import * as z from "zod";

/** What the management API is asked with. */

const actor = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe("Who decides; taken from the sign-in where there is one.");

export const releaseRequestSchema = z.object({
  generation: z
    .number()
    .int()
    .optional()
    .describe("The one that the caller saw; a stale one is answered 409."),
  rolloutId: z
    .string()
    .max(64)
    .optional()
    .describe(
      "What `abort` needs in place of a generation; `pause`, `resume` and, at a step, `approve` take it with the step.",
    ),
  step: z.number().int().optional(),
  version: z
    .string()
    .max(64)
    .optional()
    .describe("`promote`: which version; the latest candidate by default."),
  reason: z.string().trim().min(1).max(2000),
  actor,
  key: z.string().min(1).max(200).optional().describe("The same key again is the same request."),
});

/** Of what says nothing but who does it. */
export const actorSchema = z.object({ actor });

export const reviewDecisionSchema = z.object({ decision: z.enum(["accepted", "dropped"]), actor });

const long = z.string().max(100_000);

export const reviewProposalSchema = z.object({
  version: z.string().trim().min(1).max(64),
  fields: z
    .record(z.string().max(200), z.unknown())
    .describe("The row, as a dataset would have it, without its id."),
  answer: long.optional(),
  context: long.optional(),
  note: z.string().trim().max(2000).optional(),
  actor,
});

/** A turn's name: the first 8 digits are the seconds since 1970 in which it was asked. */
export const turnNameSchema = z.string().regex(/^[0-9a-f]{32}$/, "32 hex digits");
