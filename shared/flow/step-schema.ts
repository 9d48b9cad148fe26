import * as z from "zod";
import { fields } from "./strict-fields.ts";

/** How many records `retrieve` finds where nothing is said. */
export const DEFAULT_TOP = 3;

const path = z.string().min(1);

export const searchSchema = fields({
  connection: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,62}$/, "A connection is a name of the settings, never an address.")
    .describe("The search service, by its name in the setting FLOWGATE_CONNECTIONS."),
  index: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,127}$/, "An index has lower-case letters, digits, hyphens and underscores.")
    .describe("The index of the service that is searched."),
});

const shape = {
  when: z
    .union([z.string().min(1), z.boolean()])
    .optional()
    .describe(
      "A Jinja expression over the inputs and other steps; false: the step is skipped, its result none.",
    ),
  lookup: path
    .optional()
    .describe("The file whose record is looked up: JSONL, JSON, CSV or a folder of JSON files."),
  by: z.string().min(1).optional().describe("The field of the record that is compared."),
  equals: z
    .union([z.string(), z.number()])
    .optional()
    .describe("What the field equals: a template over the inputs and other steps."),
  retrieve: z
    .union([path, searchSchema])
    .optional()
    .describe("The file whose records are searched, or { connection, index } of a search service."),
  query: z.string().optional().describe("What is searched for: a template over the inputs and other steps."),
  top: z
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: "How many records are found; 3 by default.", default: DEFAULT_TOP }),
  mode: z.enum(["vector", "keyword", "hybrid"]).optional().meta({
    description: "vector: by meaning (the default); keyword: by words; hybrid: by both.",
    default: "vector",
  }),
  fields: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("The fields that are searched, all by default; of a search service its vector fields."),
  minimumScore: z
    .number()
    .optional()
    .describe("The least score: the cosine from -1 to 1 (vector, hybrid) or the BM25 score (keyword)."),
  prompt: path.optional().describe("Another .prompty; what the model answers is the step's result."),
  inputs: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Inputs of that prompt: templates; what is not named is taken under its own name."),
  grounds: z
    .boolean()
    .optional()
    .describe("true: judges see the result of this prompt as a source, as they see documents."),
  unsupported: z
    .string()
    .min(1)
    .optional()
    .describe("Written by flowgate import: the node this step stands for. Refused until it is replaced."),
  does: z.string().optional().describe("What that node did."),
  instead: z.string().optional().describe("What can take its place."),
};

export const stepName = z.string().regex(/^[A-Za-z_]\w*$/, "A step's name is an identifier.");

/** A step below its name. */
export const stepSchema = fields(shape);
/** A step in a list. */
export const listedStepSchema = fields({
  name: stepName.describe("The name under which the result is an input."),
  ...shape,
});

/** `steps` of `flow.yaml`: by name, or a list of steps with names. */
export const stepsSchema = z
  .union([z.record(stepName, stepSchema), z.array(listedStepSchema)])
  .describe("What is found or prepared for the prompt; each result is an input under the step's name.");

export type StepDocument = z.infer<typeof stepSchema>;
