import { z } from "zod";
import { suggestion } from "./nearest-name.ts";

/** An object that refuses keys it does not know, naming the nearest one and all known. */
function fields<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const keys = (issue as { keys?: string[] }).keys ?? [];
      return keys
        .slice(0, 100)
        .map((key) => `Unknown key ${key}.|${suggestion(key, Object.keys(shape), "keys")}`)
        .join("\n");
    },
  });
}

const path = z.string().min(1);
const threshold = z.union([z.string(), z.number()], { error: 'Expected a threshold such as ">= 4".' });

const dataset = z.union([path, fields({ path, as: z.enum(["quality", "safety"]).optional() })]);

export const STATISTICS = ["mean", "passRate", "p50", "p95", "p99", "max", "defects", "rate"] as const;

const requirement = fields({
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

const step = fields({
  lookup: path
    .optional()
    .describe("The file whose record is looked up: JSONL, JSON, CSV or a folder of JSON files."),
  by: z.string().min(1).optional().describe("The field of the record that is compared."),
  equals: z
    .union([z.string(), z.number()])
    .optional()
    .describe("What the field equals: a template over the inputs."),
  retrieve: path.optional().describe("The file whose records are searched by meaning."),
  query: z.string().optional().describe("What is searched for: a template over the inputs."),
  top: z.number().int().min(1).max(100).optional().describe("How many records are found; 3 by default."),
});

/** `flow.yaml` as it is written. The editors' schema is made from this one. */
export const flowSchema = fields({
  $schema: z.string().optional(),
  name: z
    .string()
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
      "A name has lower-case letters, digits and hyphens, at most 63.",
    )
    .describe("The flow's name, which is also the model name clients ask for."),
  description: z.string().optional(),
  prompt: path.describe("The .prompty file that answers."),
  steps: z.record(z.string().regex(/^[A-Za-z_]\w*$/, "A step's name is an identifier."), step).optional(),
  evaluation: fields({
    datasets: z.union([dataset, z.array(dataset).min(1, "Name at least one dataset.")]),
    evaluators: z.array(z.string()).optional(),
  }),
  gate: z
    .record(z.string(), requirement)
    .refine((gate) => Object.keys(gate).length > 0, "The gate is empty: everything would pass."),
  rollout: z.unknown().optional(),
});

export type FlowDocument = z.infer<typeof flowSchema>;
export type StepDocument = z.infer<typeof step>;
