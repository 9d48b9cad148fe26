import { isFields, kindOf, propertiesOf, type PromptyProperty } from "./prompty-property.ts";

/**
 * The frontmatter of a `.prompty` file in the form of the second dialect, shorthands written out. The first dialect's
 * `model.api / configuration / parameters`, `inputs` by name and `template.type` are carried over.
 */
export interface PromptyAgent {
  kind: "prompt";
  name: string | undefined;
  description: string | undefined;
  metadata: Record<string, unknown>;
  model: PromptyModel;
  inputs: PromptyProperty[];
  outputs: PromptyProperty[] | undefined;
  tools: Record<string, unknown>[] | undefined;
  template: { format: { kind: string; strict?: unknown }; parser: { kind: string } };
  instructions: string;
}

export interface PromptyModel {
  id?: string;
  provider?: string;
  apiType?: string;
  connection?: unknown;
  /** Second dialect: temperature, maxOutputTokens, ... */
  options?: Record<string, unknown>;
  /** First dialect: as the service names them. */
  parameters?: Record<string, unknown>;
}

type Fields = Record<string, unknown>;

/** `data` is the parsed frontmatter, references resolved; `instructions` the text after it. */
export function promptyAgent(data: Fields, instructions: string): PromptyAgent {
  return {
    kind: "prompt",
    name: textOf(data.name),
    description: textOf(data.description),
    metadata: {
      ...Object.fromEntries(
        ["authors", "tags", "version"].flatMap((key) => (data[key] === undefined ? [] : [[key, data[key]]])),
      ),
      ...(isFields(data.metadata) ? data.metadata : {}),
    },
    model: modelOf(data.model),
    inputs: propertiesOf(data.inputs ?? sampleNames(data.sample)),
    outputs: data.outputs === undefined ? undefined : propertiesOf(data.outputs),
    tools: toolsOf(data.tools),
    template: templateOf(data.template),
    instructions,
  };
}

/** Whether a frontmatter is written in the first dialect: one of its own words is in it. */
export function isFirstDialect(data: Fields): boolean {
  const { model, template, inputs, sample } = data;
  if (sample !== undefined) return true;
  if (isFields(model) && ["api", "configuration", "parameters"].some((key) => model[key] !== undefined))
    return true;
  if (isFields(template) && template.type !== undefined) return true;
  if (!isFields(inputs)) return false;
  return Object.values(inputs).some(
    (input) => isFields(input) && input.type !== undefined && input.kind === undefined,
  );
}

function modelOf(written: unknown): PromptyModel {
  if (typeof written === "string") return { id: written };
  if (!isFields(written)) return {};
  const {
    id: _id,
    apiType: _type,
    options,
    api,
    configuration,
    parameters,
    response: _response,
    ...rest
  } = written;
  const model: PromptyModel = { ...rest };
  const name = textOf(written.id);
  if (name !== undefined) model.id = name;
  const apiType = textOf(written.apiType) ?? textOf(api);
  if (apiType !== undefined) model.apiType = apiType;
  if (isFields(options)) model.options = options;
  if (isFields(parameters)) model.parameters = parameters;
  if (isFields(configuration)) {
    const id = textOf(configuration.azure_deployment ?? configuration.model ?? configuration.name);
    if (id !== undefined) model.id ??= id;
    const type = textOf(configuration.type);
    if (type !== undefined) model.provider ??= type.startsWith("azure") ? "azure" : type;
    model.connection ??= configuration;
  }
  return model;
}

/** A sample names the inputs where nothing else does. It never gives their values. */
function sampleNames(sample: unknown): unknown {
  if (!isFields(sample)) return undefined;
  return Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, { kind: kindOf(value) }]));
}

/** A list of tools, or tools by name. */
function toolsOf(written: unknown): PromptyAgent["tools"] {
  if (Array.isArray(written)) return written.filter(isFields);
  if (!isFields(written)) return undefined;
  return Object.entries(written).map(([name, tool]) => ({ name, ...(isFields(tool) ? tool : {}) }));
}

function templateOf(written: unknown): PromptyAgent["template"] {
  const kindIn = (value: unknown, fallback: string): { kind: string } => {
    if (isFields(value)) return { ...value, kind: textOf(value.kind ?? value.type) ?? fallback };
    return { kind: textOf(value) ?? fallback };
  };
  if (!isFields(written)) return { format: kindIn(written, "jinja2"), parser: { kind: "prompty" } };
  return {
    format: kindIn(written.format ?? written.type, "jinja2"),
    parser: kindIn(written.parser, "prompty"),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
