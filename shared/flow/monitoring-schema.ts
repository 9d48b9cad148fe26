import * as z from "zod";
import { budgetSchema } from "./parse-budget.ts";
import { share } from "./rollout-schema.ts";
import { fields } from "./strict-fields.ts";

const EXPECTED_DAYS = "Expected a number of days from 1 to 365.";

/** The values of a `monitoring` that says nothing, as they would be written. */
export const MONITORING_DEFAULTS = { sample: "5%", dailyTokens: "200k", retainDays: 30 } as const;

/** `monitoring` as it is written. */
export const monitoringSchema = fields({
  sample: share.optional().meta({
    description: "The share of production's turns that is kept, without personal data, and scored.",
    default: MONITORING_DEFAULTS.sample,
  }),
  evaluators: z
    .array(z.string(), "Expected a list of evaluators such as [groundedness, relevance].")
    .optional()
    .describe(
      "Which evaluators of `evaluation` score them (default: all that can do without what only a dataset has).",
    ),
  dailyBudget: budgetSchema
    .optional()
    .describe("The most that scoring them may spend in a day (UTC); 200k tokens where it is not said."),
  retainDays: z.int(EXPECTED_DAYS).min(1, EXPECTED_DAYS).max(365, EXPECTED_DAYS).optional().meta({
    description: "After so many days the turns, their scores and what users said of them are deleted.",
    default: MONITORING_DEFAULTS.retainDays,
  }),
});
