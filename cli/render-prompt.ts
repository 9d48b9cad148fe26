import { readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { checkGivenImages, checkImages } from "../shared/flow/check-images.ts";
import { checkHistories, valuesAtUse } from "../shared/flow/check-histories.ts";
import { checkInputs } from "../shared/flow/check-inputs.ts";
import { checkRenderedUser } from "../shared/flow/check-user-message.ts";
import { decodeText } from "../shared/flow/decode-text.ts";
import {
  createFindings,
  hasErrors,
  sortDiagnostics,
  START,
  type Findings,
  type Place,
} from "../shared/flow/diagnostics.ts";
import { FLOW_FILE } from "../shared/flow/flow-file.ts";
import { missingInputs, missingMessage } from "../shared/flow/input-values.ts";
import { isSecret } from "../shared/flow/is-secret.ts";
import { nearestName } from "../shared/flow/nearest-name.ts";
import { parsePrompty } from "../shared/flow/parse-prompty.ts";
import type { Prompty } from "../shared/flow/prompty.ts";
import { RenderError } from "../shared/flow/render-error.ts";
import { renderMessages, templateOf, withOneHistory } from "../shared/flow/render-messages.ts";
import type { UsedVariable } from "../shared/flow/resolve-references.ts";
import type { Diagnostic } from "../shared/model/flow.ts";
import type { ChatMessage } from "../shared/ports/chat-model.ts";
import { CommandError } from "./command-error.ts";
import { folderFiles } from "./folder-files.ts";
import { checkGivenTypes, readInputs, setInputs, type GivenInput } from "./render-inputs.ts";

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_FLOW_BYTES = 1024 * 1024;

/** What a model would be sent; undefined where an error forbids it. */
export interface RenderedPrompt {
  messages: ChatMessage[] | undefined;
  /** By file and line; files are named as from the current folder. */
  diagnostics: Diagnostic[];
}

/** The inputs of a rendering: what is set goes before what the file gives, that before the sample. */
export interface RenderRequest {
  file: string;
  /** A JSON file that holds an object. */
  inputsFile: string | undefined;
  set: Readonly<Record<string, string>>;
  /** Whether the prompt's own sample stands for what is not given. */
  sample: boolean;
}

/**
 * Renders one `.prompty` file with nothing around it. Its folder is the root of what it refers to; `environment`
 * serves `${env:...}`; what looks like a secret from there is masked before anything is rendered. Throws
 * `CommandError` where there is no such file.
 */
export async function renderPrompt(
  request: RenderRequest,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RenderedPrompt> {
  const { file, inputsFile, set, sample } = request;
  const facts = await stat(file).catch(() => undefined);
  await refuseLeaving(file);
  if (facts?.isFile() !== true) {
    const what = facts === undefined ? `There is no file ${file}.` : `${file} is no file.`;
    throw new CommandError(`${what} Name a .prompty file.`);
  }
  if (facts.size > MAX_BYTES)
    throw new CommandError(`${file} has ${facts.size} bytes; a prompt has at most 32 MB.`);
  const folder = path.dirname(file);
  const findings = createFindings();
  const prompt = await parse(file, environment, findings);
  // The prompt's findings name files from its folder, those of the inputs from here.
  const inputs = createFindings();
  const inFile = inputsFile === undefined ? [] : await readInputs(inputsFile, inputs);
  // What is set replaces what the file says, right or wrong.
  const given = inFile.filter(({ name }) => !Object.hasOwn(set, name));
  const finish = (messages: ChatMessage[] | undefined): RenderedPrompt => {
    const own = findings.list.map((found) => ({ ...found, file: path.join(folder, found.file) }));
    const all = sortDiagnostics([...own, ...inputs.list]);
    return { messages: hasErrors(all) ? undefined : messages, diagnostics: all };
  };
  if (prompt === undefined) return finish(undefined);
  checkGivenTypes(given, prompt, inputs);
  given.push(...setInputs(set, prompt, file, inputs));
  const values = Object.fromEntries(given.map(({ name, value }) => [name, value]));
  const supplied = sample ? { ...prompt.sample, ...values } : values;
  check(prompt, supplied, await wordsOfFlow(folder), findings);
  checkUnused(prompt, given, inputs);
  const fields = given.map(({ name, value, ...place }) => ({ fields: { [name]: value }, ...place }));
  checkImages(prompt, findings);
  checkGivenImages(prompt, fields, () => true, inputs);
  if (hasErrors([...findings.list, ...inputs.list])) return finish(undefined);
  try {
    const messages = renderMessages(prompt, supplied);
    checkRenderedUser(prompt, messages, "these inputs", findings);
    return finish(messages);
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    findings.error(prompt.path, error.place ?? START, error.detail);
    return finish(undefined);
  }
}

/** A link is followed within its folder and not out of it, as for every file of a flow. */
async function refuseLeaving(file: string): Promise<void> {
  const [real, folder] = await Promise.all([
    realpath(file).catch(() => undefined),
    realpath(path.dirname(file)).catch(() => undefined),
  ]);
  if (real === undefined || folder === undefined) return;
  const relative = path.relative(folder, real);
  if (relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)) return;
  throw new CommandError(
    `${file} is a link that leaves its folder. Name the file that it leads to, ${real}.`,
  );
}

async function parse(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
  findings: Findings,
): Promise<Prompty | undefined> {
  const name = path.basename(file);
  const text = decodeText(name, await readFile(file), findings);
  if (text === undefined) return undefined;
  const mask = ({ name: variable, value, fields, ...place }: UsedVariable & Place): string => {
    if (!isSecret([variable, ...fields], value)) return value;
    findings.warning(
      name,
      place,
      `${fields.join(".")} takes its value from ${variable}, which looks like a secret: it is not shown here.`,
      "A model would be sent the value itself. Do not give a prompt what no reader may know.",
    );
    return `[masked: ${variable}]`;
  };
  const files = folderFiles(path.dirname(file));
  const { prompt, diagnostics } = parsePrompty(name, text, files, environment, mask);
  findings.list.push(...diagnostics);
  return prompt;
}

/** The words in the templates of the flow that the prompt lies in: its steps may take inputs that it does not. */
async function wordsOfFlow(folder: string): Promise<Set<string>> {
  const file = path.join(folder, FLOW_FILE);
  const facts = await stat(file).catch(() => undefined);
  if (facts?.isFile() !== true || facts.size > MAX_FLOW_BYTES) return new Set();
  const templates = (await readFile(file, "utf8")).match(/\{\{[^{}]{0,500}\}\}/g) ?? [];
  return new Set(templates.flatMap((template) => template.match(/\w+/g) ?? []));
}

function check(
  prompt: Prompty,
  supplied: Readonly<Record<string, unknown>>,
  usedElsewhere: ReadonlySet<string>,
  findings: Findings,
): void {
  const defaults = prompt.inputs.filter(({ default: fallback }) => fallback !== undefined);
  const values = { ...Object.fromEntries(defaults.map((input) => [input.name, input.default])), ...supplied };
  checkInputs(
    prompt,
    {
      names: new Set(Object.keys(values)),
      usedElsewhere,
      examples: (name) => (Object.hasOwn(values, name) ? [values[name]] : []),
    },
    findings,
  );
  checkHistories(prompt, valuesAtUse(prompt, withOneHistory(prompt, values)), findings);
  const missing = missingInputs(prompt, withOneHistory(prompt, supplied));
  const [first] = missing;
  if (first === undefined) return;
  const names = missing.map(({ name }) => name);
  findings.error(
    prompt.path,
    first,
    missingMessage(names),
    `Give ${names.length === 1 ? "it" : "them"} with ${names.map((name) => `--set ${name}=...`).join(" ")}, or in a file with --inputs.`,
  );
}

/** A given input that the template does not take is most often one that was misspelt. */
function checkUnused(prompt: Prompty, given: readonly GivenInput[], findings: Findings): void {
  const known = new Set([
    ...prompt.inputs.map(({ name }) => name),
    ...templateOf(prompt).names.map(({ name }) => name),
    "history",
    "chat_history",
  ]);
  for (const { name, file, line, column } of given.filter((input) => !known.has(input.name)).slice(0, 100)) {
    const near = nearestName(name, known);
    const remedy = near === undefined ? `Known: ${[...known].join(", ")}.` : `Did you mean ${near}?`;
    findings.warning(file, { line, column }, `Nobody uses the input ${name}.`, remedy);
  }
}
