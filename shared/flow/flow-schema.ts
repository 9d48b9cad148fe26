import * as z from "zod";
import { counterfactualsSchema, fairnessSchema, judgingSchema } from "./fairness-schema.ts";
import { monitoringSchema } from "./monitoring-schema.ts";
import { budgetSchema } from "./parse-budget.ts";
import { evaluatorSchema } from "./evaluator-schema.ts";
import { guardrailsSchema } from "./guardrails-schema.ts";
import { stepsSchema } from "./step-schema.ts";
import { fields } from "./strict-fields.ts";
import { variantsSchema } from "./variants-schema.ts";

const path = z.string().min(1);
const threshold = z.union([z.string(), z.number()], { error: 'Expected a threshold such as ">= 4".' });

const datasetPath = path.describe(
  "A JSONL, JSON or CSV file, or a folder of JSON files, relative to this folder.",
);

/** A dataset with more than its path. */
export const datasetSchema = fields({
  path: datasetPath,
  as: z.enum(["quality", "safety"]).optional().meta({
    description: "What its rows show: quality (the default), or safety, which is judged apart.",
    default: "quality",
  }),
});
const dataset = z.union([datasetPath, datasetSchema]);

/** What scores the answers of a flow that names no evaluators. */
export const DEFAULT_EVALUATORS = ["groundedness", "relevance", "coherence", "fluency"];

export const STATISTICS = ["mean", "passRate", "p50", "p95", "p99", "max", "defects", "rate"] as const;

export const requirementSchema = fields({
  mean: threshold.optional().describe("The average over all rows."),
  passRate: threshold.optional().describe("The share of rows that pass the evaluator."),
  p50: threshold.optional().describe("The median."),
  p95: threshold.optional().describe("95 of 100 rows are at or below this."),
  p99: threshold.optional().describe("99 of 100 rows are at or below this."),
  max: threshold.optional().describe("The largest of all rows."),
  defects: threshold.optional().describe("How many rows may fail."),
  rate: threshold.optional().describe("The share of rows that may fail."),
  noWorseThan: z
    .union([z.string(), z.number()])
    .optional()
    .describe("The loss against the version in production that is accepted: 0.2, 200ms, $0.001, or 20%."),
});

const said = z.string().trim().min(1, "Say it in a sentence, or leave it out.").max(2000);

/** What the scorecard shows of what the flow is meant for. */
const aboutSchema = fields({
  intendedUse: said.describe("What the flow is meant for, and by whom it is to be used."),
  notFor: z.array(said).max(50).optional().describe("What it is not to be used for."),
  limits: z
    .array(said)
    .max(50)
    .optional()
    .describe("What it cannot do, or does badly, as far as that is known."),
  contact: said.optional().describe("Who answers for it."),
});

/** `flow.yaml` as it is written. The editors' schema is made from this one. */
export const flowSchema = fields({
  $schema: z.string().optional().describe("The editors' schema of this file."),
  name: z
    .string()
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
      "A name has lower-case letters, digits and hyphens, at most 63.",
    )
    .describe("The flow's name, which is also the model name clients ask for."),
  description: z.string().optional().describe("What the flow is for, in a sentence."),
  about: aboutSchema
    .optional()
    .describe("What the flow is meant for and what it cannot do: the first lines of its scorecard."),
  prompt: path.describe("The .prompty file that answers, relative to this folder."),
  steps: stepsSchema.optional(),
  guardrails: guardrailsSchema
    .optional()
    .describe("What is checked before the model is called, and before anything of its answer is shown."),
  variants: variantsSchema
    .optional()
    .describe("Alternatives that `flowgate compare` tries. They change nothing of what serves."),
  evaluation: fields({
    datasets: z
      .union([dataset, z.array(dataset).min(1, "Name at least one dataset.")])
      .describe("The rows that every change answers: one dataset or a list."),
    evaluators: z
      .array(evaluatorSchema)
      .optional()
      .meta({ description: "What scores each answer.", default: DEFAULT_EVALUATORS }),
    trials: z.int().min(1).max(100).optional().meta({
      description: "How often every row is answered, for answers that vary from one time to the next.",
      default: 1,
    }),
    scope: z.enum(["dataset", "population"]).optional().meta({
      description:
        "What a pass speaks of: these rows, or all that such rows are drawn from. The latter needs more rows, and is inconclusive where there are too few.",
      default: "dataset",
    }),
    cluster: z
      .string()
      .min(1)
      .optional()
      .describe(
        "The field whose value groups rows that are not independent, such as conversation or document.",
      ),
    counterfactuals: counterfactualsSchema.optional(),
    budget: budgetSchema
      .optional()
      .describe("The most that one run may spend on model calls. A run that reaches it ends without a pass."),
  }).describe("How a version is judged: on which rows, by which evaluators."),
  gate: z
    .object({ judge: judgingSchema.optional(), fairness: fairnessSchema.optional() })
    .catchall(requirementSchema)
    .refine(
      (gate) => Object.keys(gate).some((name) => name !== "judge"),
      "The gate is empty: everything would pass.",
    )
    .describe("What must hold of which metric for a version to pass, absolute or against production."),
  rollout: z
    .unknown()
    .optional()
    .describe("How a version that passes reaches production: immediate, or by the steps of a canary."),
  monitoring: monitoringSchema
    .optional()
    .describe("What is kept and scored of production's turns. Nothing is where this is left out."),
});
