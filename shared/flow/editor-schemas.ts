import * as z from "zod";
import { datasetRowSchema } from "./dataset-row-schema.ts";
import { STATISTICS, flowSchema, requirementSchema } from "./flow-schema.ts";
import { labelSchema } from "./label-schema.ts";
import { marginForm, thresholdForm } from "./parse-threshold.ts";
import { rolloutSchema } from "./rollout-schema.ts";
import { promptySchema } from "./prompty-schema.ts";

/** What a flow may be measured by, and what editors say of it. */
export interface EditorMetric {
  name: string;
  help: string;
  /** Whether it is listed under `evaluation.evaluators`; the others are measured of every row. */
  evaluator: boolean;
  /** What a flow may tell it. */
  options?: z.ZodType;
}

type JsonSchema = Record<string, unknown> & { properties?: Record<string, JsonSchema> };

/**
 * The JSON schemas that editors complete and check a flow's files by, by file name: made of the zod schemas that the
 * program validates with, in draft 7, with VS Code's `patternErrorMessage` and `enumDescriptions`.
 */
export function editorSchemas(metrics: readonly EditorMetric[]): Record<string, JsonSchema> {
  return {
    "flow.schema.json": flowJsonSchema(metrics),
    // As in `validate`, a key that means nothing is named; it forbids nothing.
    "prompty.schema.json": {
      ...titled("Prompty frontmatter", promptySchema),
      additionalProperties: false,
    },
    "dataset-row.schema.json": titled("Dataset row", datasetRowSchema),
    "dataset.schema.json": {
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "Dataset",
      description: "The rows of a dataset that is written as one JSON list.",
      type: "array",
      minItems: 1,
      items: { $ref: "dataset-row.schema.json" },
    },
    "labels.schema.json": titled("Label", labelSchema),
  };
}

function flowJsonSchema(metrics: readonly EditorMetric[]): JsonSchema {
  const schema = titled("Flow", flowSchema);
  const { evaluation, gate, rollout } = schema.properties ?? {};
  const evaluators = metrics.filter(({ evaluator }) => evaluator);
  Object.assign(evaluation?.properties?.["evaluators"] ?? {}, {
    items: {
      anyOf: [
        {
          type: "string",
          enum: evaluators.map(({ name }) => name),
          enumDescriptions: evaluators.map(({ help }) => help),
        },
        {
          type: "object",
          minProperties: 1,
          properties: Object.fromEntries(evaluators.map((metric) => [metric.name, toldSchema(metric)])),
          additionalProperties: renamedSchema(evaluators),
        },
      ],
    },
  });
  Object.assign(gate ?? {}, {
    minProperties: 1,
    // `judge` and `fairness` are the gate's own words, also where an evaluator has the name.
    properties: {
      ...Object.fromEntries(metrics.map((metric) => [metric.name, requirementOf(metric)])),
      ...gate?.properties,
    },
    // A metric may have a name of the flow's own; whether it is measured is for `validate` to say.
    additionalProperties: { ...jsonSchemaOf(requirementSchema), minProperties: 1 },
  });
  Object.assign(rollout ?? {}, {
    anyOf: [{ type: "string", enum: ["immediate"] }, jsonSchemaOf(rolloutSchema)],
    default: "immediate",
  });
  // Members that are undefined are not written.
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}

/** What may be said of an evaluator under its own name. */
function toldSchema({ help, options }: EditorMetric): JsonSchema {
  const { properties = {}, ...rest } = options === undefined ? {} : jsonSchemaOf(options);
  return {
    description: help,
    type: "object",
    additionalProperties: false,
    ...rest,
    properties: { threshold: THRESHOLD, ...properties },
  };
}

/** What must be said of an evaluator under a name of the flow's. */
function renamedSchema(evaluators: readonly EditorMetric[]): JsonSchema {
  const use = {
    description: "Which evaluator scores it.",
    enum: evaluators.map(({ name }) => name),
    enumDescriptions: evaluators.map(({ help }) => help),
  };
  return {
    description: "A metric with a name of its own.",
    type: "object",
    required: ["use"],
    properties: { use, threshold: THRESHOLD },
  };
}

const THRESHOLD: JsonSchema = {
  type: "number",
  description: "A row passes at this value or on its better side.",
};

/** The requirement's schema with the thresholds as this metric writes them. */
function requirementOf({ name, help }: EditorMetric): JsonSchema {
  const schema = jsonSchemaOf(requirementSchema);
  const { properties = {} } = schema;
  for (const statistic of STATISTICS) {
    const { pattern, examples, bare, maximum } = thresholdForm(name, statistic);
    properties[statistic] = {
      ...(properties[statistic]?.description === undefined
        ? {}
        : { description: properties[statistic].description }),
      type: bare ? ["string", "number"] : "string",
      ...(bare ? { minimum: 0, ...(maximum === undefined ? {} : { maximum }) } : {}),
      pattern,
      patternErrorMessage: `Write the threshold as ${examples.map((example) => `"${example}"`).join(" or ")}.`,
      examples,
    };
  }
  const margin = marginForm(name);
  Object.assign(properties["noWorseThan"] ?? {}, {
    minimum: 0,
    pattern: margin.pattern,
    patternErrorMessage: `Write the margin as ${margin.examples.join(" or ")}.`,
    examples: margin.examples,
  });
  return { description: help, ...schema, minProperties: 1 };
}

function titled(title: string, schema: z.ZodType): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, OPTIONS);
  return { $schema, title, ...rest } as JsonSchema;
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, OPTIONS);
  return rest as JsonSchema;
}

/** A text that no pattern of a flow's files accepts. */
const UNFIT = "\0";
const OPTIONS: z.core.ToJSONSchemaParams = {
  io: "input",
  target: "draft-7",
  // What the program says of a text that does not fit, editors say too.
  override({ zodSchema, jsonSchema }) {
    if (jsonSchema.type !== "string" || jsonSchema.pattern === undefined) return;
    const issues = z.safeParse(zodSchema, UNFIT).error?.issues ?? [];
    const said = issues.find(({ code }) => code === "invalid_format")?.message;
    if (said !== undefined && !said.startsWith("Invalid")) jsonSchema["patternErrorMessage"] = said;
  },
};
