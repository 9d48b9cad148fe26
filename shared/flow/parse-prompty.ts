import type { Diagnostic, FlowFiles } from "../model/flow.ts";
import { compileTemplate, type TemplateFormat } from "./compile-template.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings, hasErrors, START, type Findings } from "./diagnostics.ts";
import { positionAt, TemplateError } from "./jinja/template-error.ts";
import { modelParameters } from "./model-parameters.ts";
import { suggestion } from "./nearest-name.ts";
import { parseYaml, type ParsedYaml } from "./parse-yaml.ts";
import { isFields, promptyAgent, type PromptyAgent } from "./prompty-agent.ts";
import type { Prompty } from "./prompty.ts";
import { resolveReferences } from "./resolve-references.ts";
import { splitFrontmatter, type SplitPrompty } from "./split-frontmatter.ts";

const KEYS = [
  "name",
  "displayName",
  "description",
  "version",
  "authors",
  "tags",
  "metadata",
  "kind",
  "model",
  "inputs",
  "outputs",
  "sample",
  "template",
  "tools",
];
const FORMATS: Record<string, TemplateFormat> = {
  jinja2: "jinja2",
  jinja: "jinja2",
  nunjucks: "jinja2",
  mustache: "mustache",
};

/**
 * Parses a `.prompty` file of either dialect. Connections in it are not used, with a warning: flows name models, and
 * where a model answers is a setting. A key written into the file is an error. `environment` serves `${env:...}`.
 */
export function parsePrompty(
  path: string,
  text: string,
  files: FlowFiles,
  environment: Readonly<Record<string, string | undefined>> = {},
): { prompt: Prompty | undefined; diagnostics: Diagnostic[] } {
  const findings = createFindings();
  const prompt = read(
    path,
    text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"),
    files,
    environment,
    findings,
  );
  return { prompt: hasErrors(findings.list) ? undefined : prompt, diagnostics: findings.list };
}

function read(
  path: string,
  text: string,
  files: FlowFiles,
  environment: Readonly<Record<string, string | undefined>>,
  findings: Findings,
): Prompty | undefined {
  const split = splitFrontmatter(text);
  if (split === undefined) {
    findings.error(path, START, "The frontmatter that opens here is not closed.", "Add a line --- after it.");
    return undefined;
  }
  const { body, bodyLine } = split;
  if (body === "") {
    findings.error(
      path,
      { line: bodyLine, column: 1 },
      "The prompt has no template.",
      "Write it below the frontmatter.",
    );
  }
  const yaml = frontmatterOf(path, split, findings);
  if (yaml === undefined) return undefined;
  const data = yaml.value as Record<string, unknown>;
  checkKeys(path, data, yaml, findings);
  checkConnection(path, data.model, yaml, findings);

  const resolved = resolveReferences(withoutUnused(data), {
    environment,
    folder: path.split("/").slice(0, -1).join("/"),
    readFile: (file) => {
      const bytes = files.get(file);
      return bytes === undefined ? undefined : decodeText(file, bytes, findings);
    },
  });
  for (const problem of resolved.problems) findings.error(path, yaml.placeOf(problem.path), problem.message);

  const agent = promptyAgent(resolved.value as Record<string, unknown>, body);
  const format = Object.hasOwn(FORMATS, agent.template.format.kind)
    ? FORMATS[agent.template.format.kind]
    : undefined;
  if (format === undefined) {
    const message = `There is no template format ${agent.template.format.kind}.`;
    findings.error(path, yaml.placeOf(["template"]), message, "Known formats: jinja2, mustache.");
    return undefined;
  }
  checkTemplate(path, split, format, findings);
  if (
    agent.model.apiType !== undefined &&
    !["chat", "completion", "responses"].includes(agent.model.apiType)
  ) {
    const message = `A flow answers by chat, not by ${agent.model.apiType}.`;
    findings.error(path, yaml.placeOf(["model"]), message, "Write model.apiType: chat.");
  }
  if (agent.tools !== undefined && agent.tools.length > 0) {
    findings.warning(path, yaml.placeOf(["tools"], "key"), "Tools are not offered to the model yet.");
  }
  return promptOf(path, agent, format, bodyLine, yaml, [...new Set(resolved.files)].sort());
}

function frontmatterOf(path: string, split: SplitPrompty, findings: Findings): ParsedYaml | undefined {
  const yaml = parseYaml(path, split.frontmatter ?? "", findings, split.frontmatterLine - 1);
  if (yaml === undefined || yaml.value === null) return yaml && { ...yaml, value: {} };
  if (isFields(yaml.value)) return yaml;
  const place = { line: split.frontmatterLine, column: 1 };
  findings.error(path, place, "The frontmatter is not a mapping.", "Write it as name: value lines.");
  return undefined;
}

function promptOf(
  path: string,
  agent: PromptyAgent,
  format: TemplateFormat,
  templateLine: number,
  yaml: ParsedYaml,
  references: string[],
): Prompty {
  const listed = Array.isArray((yaml.value as Record<string, unknown>).inputs);
  return {
    path,
    name: agent.name ?? (path.split("/").at(-1) ?? path).replace(/\.prompty$/, ""),
    description: agent.description,
    model: agent.model.id,
    parameters: modelParameters(agent.model),
    inputs: agent.inputs.map((input, index) => ({
      name: input.name,
      type: input.kind,
      ...(input.default === undefined ? {} : { default: input.default }),
      required: input.required === true,
      line: yaml.placeOf(["inputs", listed ? index : input.name], "key").line,
    })),
    template: agent.instructions,
    templateLine,
    format,
    references,
  };
}

function checkKeys(path: string, data: Record<string, unknown>, yaml: ParsedYaml, findings: Findings): void {
  for (const key of Object.keys(data)) {
    if (KEYS.includes(key)) continue;
    findings.warning(
      path,
      yaml.placeOf([key], "key"),
      `${key} means nothing in a .prompty file.`,
      suggestion(key, KEYS, "keys"),
    );
  }
}

const SECRET = /^(api_?key|key|token|secret|client_?secret|password|connection_?string)$/i;
const HARMLESS = new Set(["type", "kind", "azure_deployment", "name", "model"]);

function checkConnection(path: string, model: unknown, yaml: ParsedYaml, findings: Findings): void {
  if (!isFields(model)) return;
  for (const part of ["configuration", "connection"]) {
    const connection = model[part];
    if (!isFields(connection)) continue;
    const ignored: string[] = [];
    for (const [key, value] of Object.entries(connection)) {
      const literal = typeof value === "string" && value !== "" && !value.startsWith("${");
      if (SECRET.test(key) && literal) {
        const place = yaml.placeOf(["model", part, key]);
        findings.error(
          path,
          place,
          `A secret is written into the file: ${key}.`,
          "Remove it, and revoke it.",
        );
      } else if (!HARMLESS.has(key)) {
        ignored.push(key);
      }
    }
    if (ignored.length > 0) {
      const message = `Not used: ${ignored.join(", ")}. Where a model answers is a setting of the platform.`;
      findings.warning(path, yaml.placeOf(["model", part], "key"), message, "Remove them from the file.");
    }
  }
}

/** The parts of the frontmatter that change no answer, and whose references need not lead anywhere. */
function withoutUnused(data: Record<string, unknown>): Record<string, unknown> {
  const { sample, model, ...rest } = data;
  const kept: Record<string, unknown> = { ...rest };
  if (isFields(sample)) kept.sample = sample;
  if (!isFields(model)) return { ...kept, model };
  const { connection: _connection, configuration, ...others } = model;
  if (!isFields(configuration)) return { ...kept, model: others };
  const named = Object.entries(configuration).filter(
    ([key, value]) => HARMLESS.has(key) && !(typeof value === "string" && /^\$\{env:\w+\}$/i.test(value)),
  );
  return { ...kept, model: { ...others, configuration: Object.fromEntries(named) } };
}

function checkTemplate(path: string, split: SplitPrompty, format: TemplateFormat, findings: Findings): void {
  try {
    compileTemplate(split.body, format);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { line, column } = positionAt(split.body, error.offset ?? 0);
    findings.error(path, { line: line + split.bodyLine - 1, column }, error.message);
  }
}
