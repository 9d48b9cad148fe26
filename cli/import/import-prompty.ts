import path from "node:path";
import { parseYaml } from "../../shared/flow/parse-yaml.ts";
import { TemplateError } from "../../shared/flow/jinja/template-error.ts";
import { normalPath, pathProblem } from "../../shared/flow/flow-paths.ts";
import { parsePrompty } from "../../shared/flow/parse-prompty.ts";
import { createFindings, START, type Findings } from "../../shared/flow/diagnostics.ts";
import { WRITTEN_IMAGE } from "../../shared/flow/prompt-images.ts";
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
  for (const [, named = ""] of text.matchAll(FILE_REFERENCE)) {
    const wanted = path.posix.normalize(named.trim());
    if (wanted.startsWith("..") || path.posix.isAbsolute(wanted)) continue;
    const content = await source.text(path.posix.join(folder, wanted), file, START, findings);
    if (content !== undefined) files.set(wanted, content);
  }
  const sample = await sampleOf(file, text, source);
  for (const named of imagesIn(text, sample)) {
    if (pathProblem(named) !== undefined) continue;
    const image = await imageAt(path.posix.join(folder, named), source);
    if (image !== undefined) files.set(normalPath(named), image);
  }
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
      example: sample[name] ?? input?.default,
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
  return [...written, ...Object.values(sample).filter((value) => typeof value === "string")];
}

async function sampleOf(file: string, text: string, source: ImportSource): Promise<Fields> {
  const ignored = createFindings();
  const yaml = parseYaml(file, splitFrontmatter(text)?.frontmatter ?? "", ignored);
  const sample = isFields(yaml?.value) ? yaml.value.sample : undefined;
  if (isFields(sample)) return isFields(sample.inputs) ? sample.inputs : sample;
  const named = textOf(sample)?.replace(/^\$\{file:(.+)\}$/i, "$1");
  if (named === undefined) return {};
  const json = await source.text(path.posix.join(path.posix.dirname(file), named), file, START, ignored);
  try {
    const value: unknown = JSON.parse(json ?? "");
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}
