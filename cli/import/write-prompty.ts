import { stringify } from "yaml";
import { GLOBAL_NAMES } from "../../shared/flow/jinja/globals.ts";
import { compileTemplate } from "../../shared/flow/compile-template.ts";
import { historyMessages } from "../../shared/flow/chat-history.ts";
import type { Dag, DagInput } from "./dag.ts";
import type { FlowNames } from "./flow-names.ts";
import type { ModelSettings } from "./model-parameters.ts";
import { promptyType } from "./typed-value.ts";

/** Everything that a `.prompty` file says. */
export interface PromptyParts {
  name: string;
  settings: ModelSettings;
  /** Converted: over the names of the flow. */
  template: string;
  /** Values that the node was given in `flow.dag.yaml` itself. */
  constants: ReadonlyMap<string, unknown>;
  /** Names that the flow's conditions take from its inputs. */
  alsoUsed: ReadonlySet<string>;
}

/** A `.prompty` file, in the dialect that editors know best. Its inputs are those of the flow that it uses. */
export function writePrompty(parts: PromptyParts, dag: Dag, names: FlowNames): string {
  const { name, settings, template, constants, alsoUsed } = parts;
  const used = new Set([...alsoUsed, ...namesIn(template)]);
  const sample: Record<string, unknown> = {};
  const inputs: Record<string, unknown> = {};
  for (const input of dag.inputs) {
    const called = names.input(input.name);
    if (!used.has(called)) continue;
    inputs[called] = declaration(input, names.question === input);
    const example = exampleOf(input);
    if (example !== undefined) sample[called] = example;
  }
  for (const [constant, value] of constants)
    if (used.has(constant)) inputs[constant] = { type: typeOf(value), default: value };
  const frontmatter = {
    name,
    model: {
      api: "chat",
      configuration: configurationOf(settings),
      ...(Object.keys(settings.parameters).length === 0 ? {} : { parameters: settings.parameters }),
    },
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
    ...(Object.keys(sample).length === 0 ? {} : { sample }),
  };
  const body = template.replace(/^\n+/, "");
  return `---\n${stringify(frontmatter, { lineWidth: 0, blockQuote: false, aliasDuplicateObjects: false })}---\n${body}${body.endsWith("\n") ? "" : "\n"}`;
}

/** The input's value where a dataset is to show what it holds. */
export function exampleOf({ default: value, isChatHistory }: DagInput): unknown {
  return isChatHistory ? (historyMessages(value) ?? []) : value;
}

/** A question that is missing is an error: the default of a chat's input is what its author tried first. */
function declaration(input: DagInput, isQuestion: boolean): Record<string, unknown> {
  const { type, description, isChatHistory } = input;
  const described = description === undefined ? {} : { description };
  if (isChatHistory) return { type: "thread", ...described, default: [] };
  const value = isQuestion || input.default === undefined ? {} : { default: input.default };
  return { type: promptyType(type), ...described, ...value };
}

function configurationOf({ provider, model }: ModelSettings): Record<string, unknown> {
  if (model === undefined) return { type: provider };
  return { type: provider, [provider === "openai" ? "model" : "azure_deployment"]: model };
}

/** The names that a template takes from outside; none where it is no template, which is reported elsewhere. */
export function namesIn(template: string): string[] {
  try {
    const names = compileTemplate(template, "jinja2").names.map(({ name }) => name);
    return names.filter((name) => !GLOBAL_NAMES.has(name));
  } catch {
    return [];
  }
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "float";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "object" && value !== null ? "object" : "string";
}
