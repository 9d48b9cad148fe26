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
  tools: unknown[] | undefined;
  template: { format: { kind: string }; parser: { kind: string } };
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

interface PromptyProperty {
  name: string;
  kind: string;
  description?: string;
  required?: boolean;
  default?: unknown;
  [other: string]: unknown;
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
    tools: Array.isArray(data.tools) ? data.tools : undefined,
    template: templateOf(data.template),
    instructions,
  };
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function modelOf(written: unknown): PromptyModel {
  if (typeof written === "string") return { id: written };
  if (!isFields(written)) return {};
  const { api, configuration, parameters, response: _response, ...rest } = written;
  const model: PromptyModel = { ...rest };
  const apiType = textOf(api);
  if (apiType !== undefined) model.apiType ??= apiType;
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

/** A list of properties, or properties by name, where a plain value is a default. */
function propertiesOf(written: unknown): PromptyProperty[] {
  if (Array.isArray(written))
    return written.filter(isFields).map((entry) => propertyOf(textOf(entry.name) ?? "", entry));
  if (!isFields(written)) return [];
  return Object.entries(written).map(([name, entry]) => propertyOf(name, entry));
}

const PROPERTY_KEYS = [
  "kind",
  "type",
  "default",
  "description",
  "required",
  "is_required",
  "example",
  "enumValues",
];

function propertyOf(name: string, written: unknown): PromptyProperty {
  const described =
    isFields(written) &&
    (written.name !== undefined || PROPERTY_KEYS.some((key) => Object.hasOwn(written, key)));
  if (!described) {
    if (isFields(written) && Object.keys(written).length === 0) return { name, kind: "object" };
    return written === null ? { name, kind: "string" } : { name, kind: kindOf(written), default: written };
  }
  const { type, is_required: isRequired, ...rest } = written;
  const property: PromptyProperty = {
    ...rest,
    name,
    kind: textOf(rest.kind ?? type) ?? kindOf(rest.default),
  };
  if (isRequired !== undefined) property.required ??= isRequired === true;
  return property;
}

/** A sample names the inputs where nothing else does. It never gives their values. */
function sampleNames(sample: unknown): unknown {
  if (!isFields(sample)) return undefined;
  return Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, { kind: kindOf(value) }]));
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "float";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "object" && value !== null ? "object" : "string";
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
