import * as z from "zod";

// Ends the choice: what is no reference either was meant as the value.
const reference = z
  .string()
  .regex(/\$\{(?:env|file):/i, { error: "Expected a reference such as ${env:NAME}.", abort: true });
/** A value, or a reference that stands for it until the file is loaded. */
const referable = <Value extends z.ZodType>(value: Value): z.ZodUnion<[Value, typeof reference]> =>
  z.union([value, reference]);
/** What is written for nothing: YAML reads an empty value as null. */
const text = z.string().nullable();
const mapping = z.record(z.string(), z.unknown());
const number = referable(z.number());

const options = z.looseObject({
  temperature: number.optional().describe("0 for the likeliest words, higher for more variety."),
  maxOutputTokens: number.optional().describe("How many tokens an answer may have."),
  topP: number.optional().describe("Only the likeliest words that together reach this share are taken."),
  topK: number.optional().describe("Only this many of the likeliest words are taken."),
  frequencyPenalty: number.optional().describe("Against words that were used often, from -2 to 2."),
  presencePenalty: number.optional().describe("Against words that were used at all, from -2 to 2."),
  seed: number.optional().describe("The same seed asks for the same answer."),
  stopSequences: referable(z.array(z.string())).optional().describe("Texts that end an answer."),
  allowMultipleToolCalls: referable(z.boolean()).optional().describe("Whether tools may be called together."),
  additionalProperties: referable(mapping).optional().describe("Sent to the model's service as they are."),
});

const parameters = z.looseObject({
  temperature: number.optional().describe("0 for the likeliest words, higher for more variety."),
  max_tokens: number.optional().describe("How many tokens an answer may have."),
  max_completion_tokens: number.optional().describe("As max_tokens, for models that reason."),
  top_p: number.optional().describe("Only the likeliest words that together reach this share are taken."),
  frequency_penalty: number.optional().describe("Against words that were used often, from -2 to 2."),
  presence_penalty: number.optional().describe("Against words that were used at all, from -2 to 2."),
  seed: number.optional().describe("The same seed asks for the same answer."),
  stop: z
    .union([z.string(), z.array(z.string()), z.null()])
    .optional()
    .describe("Texts that end an answer."),
  response_format: z
    .union([z.string(), mapping])
    .optional()
    .describe("The form of the answer: { type: json_object }, or a JSON schema."),
});

const connection = z.union([mapping, reference, text]);

const model = z.looseObject({
  id: text
    .optional()
    .describe("The model or deployment that answers; the platform's own where none is named."),
  provider: text.optional().describe("openai, azure, foundry, anthropic, ... Where it answers is a setting."),
  apiType: text.optional().describe("How the model is asked: chat."),
  connection: connection.optional().describe("Not used: where a model answers is a setting of the platform."),
  options: referable(options).nullable().optional().describe("How the model answers (second dialect)."),
  api: text.optional().describe("How the model is asked: chat (first dialect)."),
  configuration: connection
    .optional()
    .describe(
      "First dialect: azure_deployment, model or name say which model answers; the rest is not used.",
    ),
  parameters: referable(parameters)
    .nullable()
    .optional()
    .describe("How the model answers, as its service names it (first dialect)."),
  response: z.unknown().optional().describe("First dialect: which part of the answer is kept. Not used."),
});

const KINDS = [
  "string",
  "integer",
  "float",
  "boolean",
  "array",
  "object",
  "thread",
  "image",
  "file",
  "audio",
];

const property = z.looseObject({
  name: text.optional().describe("The name the template uses."),
  kind: text.optional().describe(`What it holds: ${KINDS.join(", ")}.`),
  type: text.optional().describe("What it holds (first dialect): string, number, boolean, list, object."),
  description: text.optional().describe("What it is, in a sentence."),
  default: z.unknown().optional().describe("Used where no value is given."),
  required: referable(z.boolean()).optional().describe("Whether a turn without it is refused."),
  example: z.unknown().optional().describe("A value to try it with. Never used as a default."),
});

const properties = z.union([
  z.array(property.extend({ name: z.string().min(1).describe("The name the template uses.") })),
  z.record(z.string(), z.union([property, z.unknown()])),
  reference,
  z.null(),
]);

const engine = z.union([
  text,
  z.looseObject({
    kind: text.optional().describe("Its name."),
    type: text.optional().describe("Its name (first dialect)."),
    strict: z.unknown().optional().describe("Whether role markers that come from inputs are refused."),
    options: z.unknown().optional().describe("Settings of its own."),
  }),
]);

/** The frontmatter of a `.prompty` file, of either dialect, as it is written. The editors' schema is made from this one. */
export const promptySchema = z
  .looseObject({
    $schema: z.unknown().optional().describe("The editors' schema of this file."),
    name: text.optional().describe("The prompt's name; the file's name where there is none."),
    displayName: text.optional().describe("The name that people read."),
    description: text.optional().describe("What the prompt is for, in a sentence."),
    version: z.unknown().optional().describe("Which version of the prompt this is. For readers only."),
    authors: z
      .union([z.array(z.unknown()), text])
      .optional()
      .describe("Who wrote it."),
    tags: z
      .union([z.array(z.unknown()), text])
      .optional()
      .describe("Words to find it by."),
    metadata: z
      .union([mapping, reference, z.null()])
      .optional()
      .describe("Facts for readers and other tools."),
    kind: z.unknown().optional().describe("Always prompt; need not be written."),
    model: z
      .union([model, text])
      .optional()
      .describe("The model that answers: its name, or id and options (first dialect: api, parameters)."),
    inputs: properties
      .optional()
      .describe("What the template takes: a list with name and kind, or a mapping by name."),
    outputs: properties.optional().describe("What the answer holds, where it is JSON."),
    sample: z
      .union([mapping, z.string(), z.null()])
      .optional()
      .describe("Inputs to try the prompt with. Never used as defaults."),
    template: z
      .union([
        z.looseObject({
          format: engine.optional().describe("The template's language: jinja2 (the default) or mustache."),
          type: text.optional().describe("The template's language (first dialect)."),
          parser: engine.optional().describe("How the text becomes messages: prompty."),
        }),
        text,
      ])
      .optional()
      .describe("The template's language: jinja2 (the default) or mustache."),
    tools: z
      .union([z.array(z.unknown()), mapping, z.string(), z.null()])
      .optional()
      .describe("What the model may call."),
  })
  .meta({
    description:
      "The frontmatter of a .prompty file: what stands between the two --- lines above the template.",
  });

/** What a model's options and parameters are called, in both dialects. */
export const PARAMETER_NAMES = [...Object.keys(options.shape), ...Object.keys(parameters.shape)];

/** The keys that mean something in a `.prompty` file. */
export const PROMPTY_KEYS = Object.keys(promptySchema.shape).filter((key) => key !== "$schema");
