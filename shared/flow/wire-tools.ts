import type { PromptyModel } from "./prompty-agent.ts";
import { isFields, propertiesOf, type PromptyProperty } from "./prompty-property.ts";
import { wireSchema } from "./wire-schema.ts";

/** What tools become, and those the model cannot be offered, with the reason. */
export interface WiredTools {
  tools: Record<string, unknown>[];
  problems: { index: number; message: string }[];
  /** The prompts among them, by path from the prompt that has the tools. */
  files: string[];
}

/**
 * A prompt's tools as chat completions take them. Parameters that are bound are left out: the model must not give
 * them. A tool of kind `prompty` has the inputs of its prompt as parameters, which `promptInputs` reads by path.
 */
export function wireTools(
  tools: readonly Record<string, unknown>[],
  promptInputs: (path: string) => { inputs: PromptyProperty[]; description: string | undefined } | undefined,
): WiredTools {
  const wired: WiredTools = { tools: [], problems: [], files: [] };
  for (const [index, tool] of tools.entries()) {
    // Some prompts hold tools as the service takes them.
    if (tool.type === "function" && isFields(tool.function)) {
      wired.tools.push(tool);
      continue;
    }
    const kind = textOf(tool.kind) ?? textOf(tool.type) ?? "function";
    const name = textOf(tool.name) ?? textOf(tool.id);
    const fail = (message: string): void => void wired.problems.push({ index, message });
    if (name === undefined) {
      fail("A tool has no name.");
    } else if (kind === "function") {
      wired.tools.push(functionTool(name, tool, parametersOf(tool), textOf(tool.description)));
    } else if (kind === "prompty") {
      const path = textOf(tool.path) ?? "";
      const child = promptInputs(path);
      if (child === undefined)
        fail(`The tool ${name} is the prompt ${path}, which does not exist beside this one.`);
      else {
        wired.tools.push(
          functionTool(name, tool, child.inputs, textOf(tool.description) ?? child.description),
        );
        wired.files.push(path);
      }
    } else {
      fail(`The tool ${name} of kind ${kind} is not offered to the model: only functions and prompts are.`);
    }
  }
  return wired;
}

/**
 * The tools that the first dialect has among the model's parameters, where they are written in Prompty's own form;
 * undefined where they are as the service takes them.
 */
export function parameterTools({ parameters }: PromptyModel): Record<string, unknown>[] | undefined {
  const written = parameters?.tools;
  if (!Array.isArray(written)) return undefined;
  const tools: Record<string, unknown>[] = written.filter(isFields);
  return tools.some((tool) => textOf(tool.name) !== undefined && !isFields(tool.function))
    ? tools
    : undefined;
}

function functionTool(
  name: string,
  tool: Record<string, unknown>,
  parameters: readonly PromptyProperty[],
  description: string | undefined,
): Record<string, unknown> {
  const bound = boundNames(tool.bindings);
  const strict = tool.strict === true;
  return {
    type: "function",
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      parameters: wireSchema(
        parameters.filter((parameter) => !bound.has(parameter.name)),
        strict,
      ),
      ...(strict ? { strict } : {}),
    },
  };
}

/** A list, a mapping by name, or either below `properties`; also where the first dialect had them, in the options. */
function parametersOf(tool: Record<string, unknown>): PromptyProperty[] {
  const written = tool.parameters ?? (isFields(tool.options) ? tool.options.parameters : undefined);
  if (!isFields(written) || (!Array.isArray(written.properties) && !isFields(written.properties))) {
    return propertiesOf(written);
  }
  const required = Array.isArray(written.required) ? new Set<unknown>(written.required) : undefined;
  return propertiesOf(written.properties).map((property) => ({
    ...property,
    ...(required?.has(property.name) === true ? { required: true } : {}),
  }));
}

function boundNames(bindings: unknown): Set<string> {
  if (Array.isArray(bindings)) {
    return new Set(bindings.flatMap((binding) => (isFields(binding) ? [textOf(binding.name) ?? ""] : [])));
  }
  return new Set(isFields(bindings) ? Object.keys(bindings) : []);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
