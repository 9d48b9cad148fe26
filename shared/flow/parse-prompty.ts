import type { Diagnostic, FlowFiles } from "../model/flow.ts";
import type { TemplateFormat } from "./compile-template.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings, hasErrors, START, type Findings, type Place } from "./diagnostics.ts";
import { positionAt } from "./jinja/template-error.ts";
import { normalPath, pathProblem } from "./flow-paths.ts";
import { mendTemplate, type MendedTemplate } from "./mend-template.ts";
import { isOpenAi, modelParameters } from "./model-parameters.ts";
import { nearestName, suggestion } from "./nearest-name.ts";
import { draftYaml, type ParsedYaml } from "./parse-yaml.ts";
import { checkConnection, withoutConnection } from "./check-connection.ts";
import { readSample } from "./prompty-sample.ts";
import { promptImages } from "./prompt-images.ts";
import { isFirstDialect, promptyAgent, type PromptyAgent } from "./prompty-agent.ts";
import { checkExamples } from "./check-examples.ts";
import { checkNumbers } from "./check-numbers.ts";
import { checkParameters } from "./check-parameters.ts";
import { checkProperties } from "./check-properties.ts";
import { isFields, type PromptyProperty, writtenKinds } from "./prompty-property.ts";
import { PROMPTY_KEYS, promptySchema } from "./prompty-schema.ts";
import type { Prompty, PromptyDraft } from "./prompty.ts";
import { reportSchemaIssues } from "./report-schema-issues.ts";
import { resolveReferences, type ReferenceSources, type UsedVariable } from "./resolve-references.ts";
import { splitFrontmatter, type SplitPrompty } from "./split-frontmatter.ts";
import { createUnread, type Unread } from "./unread.ts";
import { wireSchema } from "./wire-schema.ts";
import { parameterTools, wireTools } from "./wire-tools.ts";

const FORMATS = new Map<string, TemplateFormat>([
  ["jinja2", "jinja2"],
  ["jinja", "jinja2"],
  ["nunjucks", "jinja2"],
  ["mustache", "mustache"],
]);
const PARSERS = ["prompty", "prompty.chat", "prompty.completion", "chat"];

/**
 * Parses a `.prompty` file of either dialect. Connections in it are not used, with a warning: flows name models, and
 * where a model answers is a setting. A key written into the file is an error. `environment` serves `${env:...}`;
 * `show` may put something else in the place of a value from there.
 */
export function parsePrompty(
  path: string,
  text: string,
  files: FlowFiles,
  environment: Readonly<Record<string, string | undefined>> = {},
  show?: (variable: UsedVariable & Place) => string,
): {
  /** Undefined where there is an error. */
  prompt: Prompty | undefined;
  /** What could be read despite errors; undefined where it cannot be told where the template starts. */
  draft: PromptyDraft | undefined;
  diagnostics: Diagnostic[];
} {
  const findings = createFindings();
  const draft = read(
    path,
    text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n"),
    files,
    { environment, show },
    findings,
  );
  const prompt = hasErrors(findings.list) ? undefined : draft?.prompt;
  return { prompt, draft, diagnostics: findings.list };
}

interface Variables {
  environment: Readonly<Record<string, string | undefined>>;
  show: ((variable: UsedVariable & Place) => string) | undefined;
}

function read(
  path: string,
  text: string,
  files: FlowFiles,
  { environment, show }: Variables,
  findings: Findings,
): PromptyDraft | undefined {
  const split = splitFrontmatter(text);
  if (split === undefined) {
    findings.error(
      path,
      START,
      "Malformed frontmatter: what opens here is not closed.",
      "Add a line --- after it.",
    );
    return undefined;
  }
  const { body, bodyLine } = split;
  const stray = split.frontmatter === undefined ? /^---[ \t]*$/m.exec(body) : null;
  if (stray && PROMPTY_KEYS.includes(/^(\w+):/.exec(body)?.[1] ?? "")) {
    findings.warning(
      path,
      { line: positionAt(body, stray.index).line + bodyLine - 1, column: 1 },
      "This line closes a frontmatter that no line opens: what stands above it is sent to the model.",
      "Write --- as the file's first line too.",
    );
  }
  if (body === "") {
    findings.error(
      path,
      { line: bodyLine, column: 1 },
      "The prompt has no template.",
      "Write it below the frontmatter.",
    );
  }
  const unread = createUnread();
  const yaml = frontmatterOf(path, split, findings) ?? unreadFrontmatter(split, unread);
  for (const text of yaml.overridden) unread.addText(text);
  const data = yaml.value as Record<string, unknown>;
  checkKeys(path, data, yaml, findings, unread);
  checkConnection(path, data.model, environment, yaml, findings);
  checkParameters(path, data.model, yaml, findings);
  checkNumbers(path, yaml, findings);

  const folder = path.split("/").slice(0, -1).join("/");
  const readFile = (file: string, into: Findings): string | undefined => {
    const bytes = files.get(file);
    return bytes === undefined ? undefined : decodeText(file, bytes, into);
  };
  const showAt = (root: PropertyKey[]): ReferenceSources["show"] =>
    show && ((variable) => show({ ...variable, ...yaml.placeOf([...root, ...variable.path]) }));
  const sampleSources = {
    environment,
    folder,
    readFile: (file: string) => readFile(file, createFindings()),
    show: showAt(["sample"]),
  };
  const sample = readSample(data.sample, sampleSources, findings);
  const resolved = resolveReferences(
    { ...data, model: withoutConnection(data.model), sample: undefined },
    {
      environment,
      folder,
      readFile: (file) => readFile(file, findings),
      whyRefused: files.whyRefused,
      show: showAt([]),
    },
  );
  findings.list.push(...resolved.findings);
  for (const problem of resolved.problems) {
    if (problem.told !== true) findings.error(path, yaml.placeOf(problem.path), problem.message);
    addPart(data, problem.path, unread);
  }

  const agent = promptyAgent({ ...(resolved.value as Record<string, unknown>), sample }, body);
  const format = checkEngines(path, agent, yaml, findings);
  const mended = format === undefined ? undefined : checkTemplate(path, split, format, findings);
  for (const tag of mended?.taken ?? []) unread.addText(tag);
  checkProperties(path, agent, yaml, findings);
  if (agent.model.apiType !== undefined && !API_TYPES.includes(agent.model.apiType.toLowerCase())) {
    const message = `A flow answers by chat, not by ${agent.model.apiType}.`;
    const key = isFields(data.model) && data.model["apiType"] === undefined ? "api" : "apiType";
    findings.error(path, yaml.placeOf(["model", key]), message, `Write model.${key}: chat.`);
  }
  if (agent.model.options?.topK !== undefined && isOpenAi(agent.model)) {
    const message = "OpenAI's models take no topK: it is not sent.";
    findings.warning(
      path,
      yaml.placeOf(["model", "options", "topK"], "key"),
      message,
      "Remove it, or use topP.",
    );
  }
  const legacy = agent.tools === undefined ? parameterTools(agent.model) : undefined;
  const tools = wireTools(agent.tools ?? legacy ?? [], (file) => inputsOfPrompt(file, folder, readFile));
  for (const { index, message } of tools.problems) {
    const key = Array.isArray(data.tools)
      ? index
      : ((agent.tools?.[index]?.name as PropertyKey | undefined) ?? index);
    const at = legacy === undefined ? ["tools", key] : ["model", "parameters", "tools", index];
    findings.warning(path, yaml.placeOf(at, "key"), message, "Take it out, or describe it as a function.");
  }
  const writtenImages = isFirstDialect(data);
  const { images, missing } = promptImages(agent, writtenImages, folder, files);
  for (const { offset, problem } of missing) {
    const { line, column } = positionAt(body, offset);
    findings.error(path, { line: line + bodyLine - 1, column }, problem.message, problem.remedy);
  }
  const prefix = folder === "" ? "" : `${folder}/`;
  const references = new Set([
    ...resolved.files,
    ...tools.files.map((file) => normalPath(prefix + file)),
    ...[...images.keys()].map((image) => prefix + image),
  ]);
  const prompt: Prompty = {
    path,
    name: agent.name ?? (path.split("/").at(-1) ?? path).replace(/\.prompty$/, ""),
    description: agent.description,
    model: agent.model.id,
    parameters: {
      ...(tools.tools.length === 0 ? {} : { tools: tools.tools }),
      ...(agent.outputs === undefined || agent.outputs.length === 0
        ? {}
        : { response_format: answerForm(agent.outputs) }),
      ...modelParameters(agent.model),
      ...(legacy === undefined ? {} : { tools: tools.tools }),
    },
    inputs: promptInputs(agent, writtenKinds((resolved.value as Record<string, unknown>).inputs), yaml),
    sample: { ...samplesOf(agent.inputs), ...sample },
    template: mended?.template ?? body,
    templateLine: bodyLine,
    format: format ?? "jinja2",
    strict: agent.template.format.strict === true,
    writtenImages,
    images,
    references: [...references].sort(),
  };
  checkExamples(prompt, yaml, findings);
  return { prompt, hasTemplate: mended?.compiles === true, unread };
}

const API_TYPES = ["chat", "completion", "responses"];

/** The template's language. For one that is not known, with an error, the one that seems to be meant, if any. */
function checkEngines(
  path: string,
  agent: PromptyAgent,
  yaml: ParsedYaml,
  findings: Findings,
): TemplateFormat | undefined {
  const { format, parser } = agent.template;
  if (!PARSERS.includes(parser.kind.toLowerCase())) {
    const place = yaml.placeOf(["template", "parser"]);
    findings.error(path, place, `There is no template parser ${parser.kind}.`, "The parser is prompty.");
  }
  const known = FORMATS.get(format.kind.toLowerCase());
  if (known !== undefined) return known;
  const message = `There is no template format ${format.kind}.`;
  findings.error(path, yaml.placeOf(["template"]), message, "Known formats: jinja2, mustache.");
  return FORMATS.get(nearestName(format.kind, FORMATS.keys()) ?? "");
}

function promptInputs(
  agent: PromptyAgent,
  written: ReadonlySet<string>,
  yaml: ParsedYaml,
): Prompty["inputs"] {
  const listed = Array.isArray((yaml.value as Record<string, unknown>).inputs);
  return agent.inputs.map((input, index) => ({
    name: input.name,
    type: input.kind,
    ...(input.default === undefined ? {} : { default: input.default }),
    required: input.required === true,
    ...(input.nullable === true ? { nullable: true } : {}),
    ...(written.has(input.name) ? {} : { guessed: true }),
    ...(Array.isArray(input.enumValues) ? { enumValues: input.enumValues } : {}),
    ...(input.items === undefined && input.properties === undefined
      ? {}
      : { parts: { items: input.items, properties: input.properties } }),
    ...(typeof input.strict === "boolean" ? { strict: input.strict } : {}),
    ...yaml.placeOf(["inputs", listed ? index : input.name], "key"),
  }));
}

/** What a prompt used as a tool asks for; undefined where there is none that can be read. */
function inputsOfPrompt(
  file: string,
  folder: string,
  readFile: (file: string, into: Findings) => string | undefined,
): { inputs: PromptyProperty[]; description: string | undefined } | undefined {
  if (pathProblem(file) !== undefined) return undefined;
  const path = normalPath(folder === "" ? file : `${folder}/${file}`);
  const findings = createFindings();
  const split = splitFrontmatter(readFile(path, findings) ?? "");
  if (split?.frontmatter === undefined) return undefined;
  const yaml = frontmatterOf(path, split, findings);
  return yaml === undefined ? undefined : promptyAgent(yaml.value as Record<string, unknown>, "");
}

/** The values that inputs name as their own sample or example. */
function samplesOf(inputs: readonly PromptyProperty[]): Record<string, unknown> {
  return Object.fromEntries(
    inputs.flatMap(({ name, sample, example }) => {
      const value = sample ?? example;
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );
}

/** Declared outputs, as the form that chat completions are asked to answer in. */
function answerForm(outputs: readonly PromptyProperty[]): Record<string, unknown> {
  return {
    type: "json_schema",
    json_schema: { name: "structured_output", strict: true, schema: wireSchema(outputs, true) },
  };
}

function frontmatterOf(path: string, split: SplitPrompty, findings: Findings): ParsedYaml | undefined {
  const yaml = draftYaml(path, split.frontmatter ?? "", findings, split.frontmatterLine - 1);
  if (yaml === undefined || yaml.value === null) return yaml && { ...yaml, value: {} };
  if (isFields(yaml.value)) return yaml;
  const place = { line: split.frontmatterLine, column: 1 };
  findings.error(path, place, "Frontmatter must be a YAML mapping.", "Write it as name: value lines.");
  return undefined;
}

function checkKeys(
  path: string,
  data: Record<string, unknown>,
  yaml: ParsedYaml,
  findings: Findings,
  unread: Unread,
): void {
  for (const key of Object.keys(data)) {
    if (Object.hasOwn(promptySchema.shape, key)) continue;
    addPart(data, [key], unread);
    findings.warning(
      path,
      yaml.placeOf([key], "key"),
      `${key} means nothing in a .prompty file.`,
      suggestion(key, PROMPTY_KEYS, "keys"),
    );
  }
  const parsed = promptySchema.safeParse(data);
  if (parsed.success) return;
  reportSchemaIssues(parsed.error, path, (at) => yaml.placeOf(at), findings.warning);
  for (const issue of parsed.error.issues) addPart(data, issue.path, unread);
}

function checkTemplate(
  path: string,
  split: SplitPrompty,
  format: TemplateFormat,
  findings: Findings,
): MendedTemplate {
  const mended = mendTemplate(split.body, format);
  for (const { message, offset } of mended.problems) {
    const { line, column } = positionAt(split.body, offset);
    findings.error(path, { line: line + split.bodyLine - 1, column }, message);
  }
  return mended;
}

/** A frontmatter that cannot be read says at most in which language the template is written. */
function unreadFrontmatter({ frontmatter = "", frontmatterLine }: SplitPrompty, unread: Unread): ParsedYaml {
  unread.addText(frontmatter);
  const format = /\bmustache\b/i.test(frontmatter) ? "mustache" : "jinja2";
  const place = { line: frontmatterLine, column: 1 };
  return { value: { template: { format } }, placeOf: () => place, overridden: [], numbers: [] };
}

/** Adds what stands under the first names of a path, such as one of the inputs, to what could not be read. */
function addPart(data: Record<string, unknown>, [key, name]: PropertyKey[], unread: Unread): void {
  const part = data[String(key)];
  const inner = typeof part === "object" && part !== null ? (Reflect.get(part, name ?? "") as unknown) : part;
  unread.addText(`${String(name ?? "")} ${JSON.stringify(inner ?? part) ?? ""}`);
}
