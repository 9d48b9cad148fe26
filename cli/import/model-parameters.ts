import type { Findings } from "../../shared/flow/diagnostics.ts";
import type { NodeBody } from "./dag.ts";
import { isFields } from "./fields.ts";

/** Inputs of an `llm` node that are parameters of the model, and how their texts are read. */
const PARAMETERS: Record<string, "number" | "json" | "stop"> = {
  temperature: "number",
  top_p: "number",
  max_tokens: "number",
  max_completion_tokens: "number",
  presence_penalty: "number",
  frequency_penalty: "number",
  seed: "number",
  stop: "stop",
  logit_bias: "json",
  response_format: "json",
};

/** Which model answers, and how it is reached. Where that is, is a setting of the platform. */
const CONNECTION = new Set(["deployment_name", "model", "connection", "endpoint", "endpoint_name"]);

/** Parameters that a flow cannot carry, with the reason. */
const DROPPED: Record<string, string> = {
  functions:
    "A flow's answer is text: what the model would call has to be found by a step before it is asked.",
  function_call:
    "A flow's answer is text: what the model would call has to be found by a step before it is asked.",
  tools: "A flow's answer is text: what the model would call has to be found by a step before it is asked.",
  tool_choice:
    "A flow's answer is text: what the model would call has to be found by a step before it is asked.",
  suffix: "It belongs to the retired completions API; write it into the prompt.",
  logprobs: "It belongs to the retired completions API; no evaluator reads it.",
  echo: "It belongs to the retired completions API.",
  best_of: "It belongs to the retired completions API.",
  n: "A flow gives one answer.",
  detail: "How closely images are looked at is the model's default.",
};
/** What these say by default: nothing is lost with them. */
const NEUTRAL = new Set(["", "none", "null", "auto", "false", "0", "1", "[]", "{}"]);

/** Completion models, which are retired and did not chat. */
const RETIRED =
  /^(text-|code-)?(davinci|curie|babbage|ada)(-|$)|^gpt-35-turbo-instruct$|^gpt-3\.5-turbo-instruct$/;

export interface ModelSettings {
  provider: "openai" | "azure_openai";
  model: string | undefined;
  parameters: Record<string, unknown>;
}

/** Whether an input of a node says how the model is called, rather than what its template is given. */
export function isModelInput(name: string): boolean {
  return Object.hasOwn(PARAMETERS, name) || CONNECTION.has(name) || Object.hasOwn(DROPPED, name);
}

/** The model and its parameters, as numbers and objects whatever they were written as. */
export function modelSettings(node: NodeBody, name: string, file: string, findings: Findings): ModelSettings {
  const parameters: Record<string, unknown> = {};
  const models = new Map<string, string>();
  for (const { name: input, value, place } of node.inputs) {
    if (!isModelInput(input)) continue;
    if (value.kind !== "literal") {
      const message = `${input} of ${name} is taken from another node or an input; a prompt's parameters are fixed.`;
      findings.warning(file, place, message, `Write ${input} into the .prompty file.`);
    } else if (input === "deployment_name" || input === "model") {
      if (typeof value.value === "string" && value.value.trim() !== "") models.set(input, value.value.trim());
    } else if (Object.hasOwn(DROPPED, input)) {
      const given = typeof value.value === "string" ? value.value.trim() : JSON.stringify(value.value ?? "");
      if (!NEUTRAL.has(given.toLowerCase().replaceAll('"', ""))) {
        findings.warning(file, place, `${input} of ${name} is not carried over.`, DROPPED[input]);
      }
    } else if (Object.hasOwn(PARAMETERS, input)) {
      const read = readParameter(PARAMETERS[input] ?? "json", value.value);
      if (read === "bad") {
        const message = `${input} of ${name} is ${JSON.stringify(value.value)}, which is no value for it.`;
        findings.warning(file, place, message, "Write it into the .prompty file.");
      } else if (read !== undefined) {
        parameters[input] = read.value;
      }
    }
  }
  const [deployment, named] = [models.get("deployment_name"), models.get("model")];
  const openAi =
    node.provider === "OpenAI" ||
    (node.provider === undefined && deployment === undefined && /^open_?ai/i.test(node.connection ?? ""));
  const provider = openAi ? "openai" : "azure_openai";
  const model = openAi ? (named ?? deployment) : (deployment ?? named);
  if (model === undefined || !RETIRED.test(model)) return { provider, model, parameters };
  const message = `${name} asks ${model}, a completion model; a flow answers by chat.`;
  findings.warning(
    file,
    node.place,
    message,
    "No model is named, so that the settings' is used: name yours.",
  );
  return { provider, model: undefined, parameters };
}

/** Undefined: nothing was set. */
function readParameter(
  kind: "number" | "json" | "stop",
  written: unknown,
): { value: unknown } | "bad" | undefined {
  const text = typeof written === "string" ? written.trim() : undefined;
  if (written === null || written === undefined || text === "") return undefined;
  if (kind === "number") {
    if (text !== undefined && /^(inf|infinity|none|null)$/i.test(text)) return undefined;
    const value = text === undefined ? written : Number(text);
    return typeof value === "number" && Number.isFinite(value) ? { value } : "bad";
  }
  if (kind === "stop") {
    const parsed = text?.startsWith("[") ? parsedJson(text) : (text ?? written);
    const list = (Array.isArray(parsed) ? parsed : [parsed]).filter((entry) => entry !== "");
    if (!list.every((entry) => typeof entry === "string")) return "bad";
    return list.length === 0 ? undefined : { value: list };
  }
  if (text === "text") return undefined;
  const value = text === undefined ? written : /^json_object$/.test(text) ? { type: text } : parsedJson(text);
  if (!isFields(value)) return "bad";
  return Object.keys(value).length === 0 || value.type === "text" ? undefined : { value };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
