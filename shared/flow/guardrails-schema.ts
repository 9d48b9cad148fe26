import * as z from "zod";
import { PERSONAL_DATA_KINDS } from "../model/guardrails.ts";
import { suggestion } from "./nearest-name.ts";
import { share } from "./rollout-schema.ts";
import { fields } from "./strict-fields.ts";

/** What a flow's guardrails are where it says no more than `guardrails: {}`: none of it needs a service. */
export const GUARDRAIL_DEFAULTS = {
  input: ["attack"],
  output: ["personal_data", "secrets"],
  whenUnavailable: "open",
  answer: "I can't help with that. Please ask me something else.",
  severity: 4,
  sample: "5%",
  atLeast: 3,
  kinds: ["card_number", "bank_account", "social_security_number"],
} as const;

const OUTPUT_KINDS = ["harm", "personal_data", "secrets", "blocked_terms"] as const;
const INPUT_KINDS = ["attack", ...OUTPUT_KINDS] as const;
/** Without a list of terms there are none to block. */
const NAMED_ALONE = INPUT_KINDS.filter((kind) => kind !== "blocked_terms");

const EXPECTED_SEVERITY = "Expected a severity from 1 (very low) to 7 (high).";
const severity = z.int(EXPECTED_SEVERITY).min(1, EXPECTED_SEVERITY).max(7, EXPECTED_SEVERITY).optional();
const harm = fields({
  hate: severity.describe("Hate and unfairness are blocked at this severity."),
  self_harm: severity.describe("Self-harm is blocked at this severity."),
  sexual: severity.describe("Sexual content is blocked at this severity."),
  violence: severity.describe("Violence is blocked at this severity."),
}).describe("The severities, 1 to 7, at which a harm is blocked; 4 (medium) for those not named.");

const personalData = fields({
  kinds: z
    .array(
      z.enum(PERSONAL_DATA_KINDS, {
        error: ({ input }) => notAmong("kind of personal data", input, PERSONAL_DATA_KINDS),
      }),
    )
    .min(1, "Name at least one kind.")
    .optional()
    .meta({
      description: "What is looked for; by default what has check digits or a form of its own.",
      default: GUARDRAIL_DEFAULTS.kinds,
    }),
  allow: z
    .array(z.string().min(3, "At least 3 characters."))
    .optional()
    .describe("What may be said: contacts of the company, such as help@example.com or @example.com."),
}).describe("What personal data is blocked; what the client said may be repeated.");

const blockedTerms = z
  .array(z.string("Expected a term.").trim().min(1, "Expected a term.").max(100, "At most 100 characters."))
  .min(1, "Name at least one term.")
  .max(1000, "At most 1000 terms.")
  .describe("Words and phrases that are blocked, as whole words, in any case and spelling of their letters.");

const told = {
  harm: harm.optional(),
  personal_data: personalData.optional(),
  blocked_terms: blockedTerms.optional(),
};

const listOf = (stage: "input" | "output", kinds: readonly string[]) => {
  const named = NAMED_ALONE.filter((kind) => kinds.includes(kind));
  const guardrail = z.union(
    [z.enum(named), fields(told).refine((entry) => Object.keys(entry).length > 0, "Name a guardrail.")],
    {
      error: ({ input }) => {
        if (input === "blocked_terms") return "blocked_terms needs its terms: { blocked_terms: [a term] }.";
        if (input === "attack")
          return "attack is looked for in the input: what a model answers attacks nobody.";
        return notAmong(`guardrail of the ${stage}`, input, kinds);
      },
    },
  );
  return z.array(guardrail, `Expected a list of guardrails such as [${named[0]}].`).max(20, "At most 20.");
};

const EXPECTED_SCORE = "Expected a score from 1 to 5.";
const groundedness = fields({
  sample: share.optional().meta({
    description: "The share of production's answers that is scored, after they were sent.",
    default: GUARDRAIL_DEFAULTS.sample,
  }),
  atLeast: z.number(EXPECTED_SCORE).min(1, EXPECTED_SCORE).max(5, EXPECTED_SCORE).optional().meta({
    description: "The score, 1 to 5, below which an answer counts as a guardrail's defect.",
    default: GUARDRAIL_DEFAULTS.atLeast,
  }),
}).describe(
  "Whether answers rest on what the steps found, scored as monitoring scores them. Changes no version.",
);

/** `guardrails` as it is written. */
export const guardrailsSchema = fields({
  input: listOf("input", INPUT_KINDS).optional().meta({
    description:
      "What is looked for in what a client sends, and attacks also in what the steps found: attack, harm, personal_data, secrets, blocked_terms.",
    default: GUARDRAIL_DEFAULTS.input,
  }),
  output: listOf("output", OUTPUT_KINDS).optional().meta({
    description:
      "What is looked for in an answer before any of it is shown: harm, personal_data, secrets, blocked_terms.",
    default: GUARDRAIL_DEFAULTS.output,
  }),
  groundedness: groundedness.optional(),
  whenUnavailable: z
    .enum(["open", "closed"], {
      error: ({ input }) => notAmong("policy", input, ["open", "closed"]),
    })
    .optional()
    .meta({
      description: "A check that cannot be made: the turn goes on without it (open), or is blocked (closed).",
      default: GUARDRAIL_DEFAULTS.whenUnavailable,
    }),
  answer: z
    .string("Expected a sentence.")
    .trim()
    .min(1, "Expected a sentence.")
    .max(2000, "At most 2000 characters.")
    .optional()
    .meta({
      description: "What is said in place of an answer that is blocked.",
      default: GUARDRAIL_DEFAULTS.answer,
    }),
});

function notAmong(what: string, input: unknown, known: readonly string[]): string {
  const written = typeof input === "string" ? input : JSON.stringify(input);
  return `There is no ${what} ${written}. ${suggestion(written, known, "names")}`;
}
