import path from "node:path";
import { parseYaml } from "../../shared/flow/parse-yaml.ts";
import { TemplateError } from "../../shared/flow/jinja/template-error.ts";
import { normalPath, pathProblem } from "../../shared/flow/flow-paths.ts";
import { parsePrompty } from "../../shared/flow/parse-prompty.ts";
import { createFindings, START, type Findings } from "../../shared/flow/diagnostics.ts";
import { WRITTEN_IMAGE } from "../../shared/flow/prompt-images.ts";
import { ownField } from "../../shared/flow/own-field.ts";
import { splitFrontmatter } from "../../shared/flow/split-frontmatter.ts";
import { isFields, textOf, type Fields } from "./fields.ts";
import type { ImportedFlow, ImportedInput } from "./imported-flow.ts";
import { imageAt } from "./carry-images.ts";
import { writeTrims } from "./write-trims.ts";
import type { ImportSource } from "./import-source.ts";

const FILE_REFERENCE = /\$\{file:([^}]+)\}/gi;
const HISTORY = /^(chat_)?history$/;

/**
 * A `.prompty` file is a flow's prompt, with the files that it brings in: as it is, but for the setting with which
 * Prompt Flow renders it where it is the entry of a flex flow.
 */
export async function importPrompty(
  file: string,
  source: ImportSource,
  findings: Findings,
  isFlex = false,
): Promise<ImportedFlow | undefined> {
  const written = await source.text(file, file, START, findings);
  if (written === undefined) return undefined;
  const text = isFlex ? withTrims(written) : written;
  const folder = path.posix.dirname(file);
  const files = new Map<string, string | Uint8Array>([[path.posix.basename(file), text]]);
  await bringIn(path.posix.basename(file), text, { folder, file, source, findings, files });
  const sample = await sampleOf(file, text, source);
  const bytes = new Map([...files].map(([name, content]) => [name, Buffer.from(content)]));
  // What is wrong with it is said when the new folder is validated.
  const { prompt } = parsePrompty(path.posix.basename(file), text, bytes);
  const declared = prompt?.inputs ?? [];
  const names = [...new Set([...declared.map(({ name }) => name), ...Object.keys(sample)])];
  const inputs = names.map((name): ImportedInput => {
    const input = declared.find((other) => other.name === name);
    return {
      from: name,
      to: name,
      isHistory: input?.type === "thread" || HISTORY.test(name),
      isImage: input?.type.toLowerCase() === "image",
      type: input?.guessed === true ? undefined : input?.type,
      example: ownField(sample, name) ?? input?.default,
      hasDefault: input?.default !== undefined,
    };
  });
  const as = text === written ? "as it is" : "with trim_blocks written into its template";
  const to = `${path.posix.basename(file)}, ${as}`;
  return {
    prompt: path.posix.basename(file),
    steps: [],
    variants: {},
    files,
    inputs,
    carried: [{ what: "the prompt", file, place: START, to }],
  };
}

interface Bringing {
  /** Where the imported prompt lies. */
  folder: string;
  file: string;
  source: ImportSource;
  findings: Findings;
  /** What is brought, by path from that folder. */
  files: Map<string, string | Uint8Array>;
}

/** Brings what a prompt refers to: files, images, and the prompts among its tools with what these refer to. */
async function bringIn(prompt: string, text: string, bringing: Bringing): Promise<void> {
  const { folder, file, source, findings, files } = bringing;
  const beside = path.posix.dirname(prompt);
  for (const [, named = ""] of text.matchAll(FILE_REFERENCE)) {
    const wanted = path.posix.normalize(path.posix.join(beside, named.trim()));
    if (wanted.startsWith("..") || path.posix.isAbsolute(named.trim()) || files.has(wanted)) continue;
    const content = await source.text(path.posix.join(folder, wanted), file, START, findings);
    if (content !== undefined) files.set(wanted, content);
  }
  const data = frontmatterOf(prompt, text);
  const sample = await sampleOf(path.posix.join(folder, prompt), text, source);
  for (const named of [...imagesIn(text, sample), ...defaultsIn(data)]) {
    const wanted = path.posix.join(beside, named);
    if (pathProblem(named) !== undefined || pathProblem(wanted) !== undefined) continue;
    const image = await imageAt(path.posix.join(folder, wanted), source);
    if (image !== undefined) files.set(normalPath(wanted), image);
  }
  for (const named of promptToolsIn(data)) {
    const wanted = path.posix.join(beside, named);
    if (pathProblem(wanted) !== undefined || files.has(wanted)) continue;
    const from = path.posix.join(folder, wanted);
    // One that is not there is named when the new folder is validated.
    const child = (await source.has(from)) ? await source.text(from, file, START, findings) : undefined;
    if (child === undefined) continue;
    files.set(wanted, child);
    await bringIn(wanted, child, bringing);
  }
}

function frontmatterOf(file: string, text: string): Fields {
  const yaml = parseYaml(file, splitFrontmatter(text)?.frontmatter ?? "", createFindings());
  return isFields(yaml?.value) ? yaml.value : {};
}

/** The defaults of inputs that are texts, which may name images. */
function defaultsIn({ inputs }: Fields): string[] {
  const written = Array.isArray(inputs) ? inputs : isFields(inputs) ? Object.values(inputs) : [];
  return written.map((input: unknown) => (isFields(input) ? input.default : input)).filter(isText);
}

function promptToolsIn({ tools }: Fields): string[] {
  const written = Array.isArray(tools) ? tools : isFields(tools) ? Object.values(tools) : [];
  return written
    .filter(isFields)
    .filter((tool) => (tool.kind ?? tool.type) === "prompty")
    .map((tool) => tool.path)
    .filter(isText);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** What `trim_blocks` does, written into the template; a file that cannot be read, or has no Jinja2, as it is. */
function withTrims(text: string): string {
  const body = splitFrontmatter(text)?.body ?? "";
  const { prompt } = parsePrompty("prompt.prompty", text, new Map());
  if (body === "" || prompt?.format !== "jinja2") return text;
  try {
    const start = text.lastIndexOf(body);
    return text.slice(0, start) + writeTrims(body) + text.slice(start + body.length);
  } catch (error) {
    if (error instanceof TemplateError) return text;
    throw error;
  }
}

/** What the template and the sample may name as images, the file's own paths. */
function imagesIn(text: string, sample: Fields): string[] {
  const written = [...text.matchAll(WRITTEN_IMAGE)].map((found) => found[1] ?? "");
  return [...written, ...Object.values(sample).filter(isText)];
}

async function sampleOf(file: string, text: string, source: ImportSource): Promise<Fields> {
  const { sample } = frontmatterOf(file, text);
  if (isFields(sample)) return isFields(sample.inputs) ? sample.inputs : sample;
  const named = textOf(sample)?.replace(/^\$\{file:(.+)\}$/i, "$1");
  if (named === undefined) return {};
  const json = await source.text(
    path.posix.join(path.posix.dirname(file), named),
    file,
    START,
    createFindings(),
  );
  try {
    const value: unknown = JSON.parse(json ?? "");
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}
