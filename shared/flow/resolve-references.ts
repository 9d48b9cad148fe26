import { createFindings } from "./diagnostics.ts";
import { normalPath, pathProblem } from "./flow-paths.ts";
import { parseYaml } from "./parse-yaml.ts";

/** Where `${env:...}` and `${file:...}` look. */
export interface ReferenceSources {
  environment: Readonly<Record<string, string | undefined>>;
  /** The text of a file by its path in the flow's folder. */
  readFile(path: string): string | undefined;
  /** The folder of the file that holds the reference, "" for the flow's own. */
  folder: string;
}

/** A reference that leads nowhere. `path` says which value of the document holds it. */
export interface ReferenceProblem {
  path: PropertyKey[];
  message: string;
}

const REFERENCE = /^\$\{(\w+):([^]*)\}$/;
const MAX_DEPTH = 64;
/** A file may refer to files in turn; no more than this are read for one document. */
const MAX_FILES = 100;
const MAX_FILE_LENGTH = 4_000_000;

/**
 * Replaces every text that is one `${env:NAME}`, `${env:NAME:default}` or `${file:path}`, at any depth. JSON and YAML
 * files become values, whose references are resolved too, others text. A file outside the prompt's folder, a missing
 * one, one that leads back to itself and an unset variable without default are problems. Unknown kinds of references
 * stay as they are.
 */
export function resolveReferences(
  value: unknown,
  sources: ReferenceSources,
): { value: unknown; files: string[]; problems: ReferenceProblem[] } {
  const files: string[] = [];
  const problems: ReferenceProblem[] = [];
  /** `place` is where the document itself holds the reference; `open` the files that led here. */
  const walk = (
    part: unknown,
    path: PropertyKey[],
    place: PropertyKey[] | undefined,
    open: string[],
  ): unknown => {
    if (path.length > MAX_DEPTH) return part;
    if (typeof part === "string") return resolve(part, path, place ?? path, open);
    if (Array.isArray(part)) return part.map((item, index) => walk(item, [...path, index], place, open));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, entry]) => [key, walk(entry, [...path, key], place, open)]),
    );
  };
  const resolve = (text: string, path: PropertyKey[], place: PropertyKey[], open: string[]): unknown => {
    const [, kind = "", content = ""] = REFERENCE.exec(text.trim()) ?? [];
    const fail = (message: string): undefined => {
      problems.push({ path: place, message });
      return undefined;
    };
    if (kind.toLowerCase() === "env") {
      const separator = content.indexOf(":");
      const name = separator < 0 ? content : content.slice(0, separator);
      const fallback = separator < 0 ? "" : content.slice(separator + 1);
      const found = Object.hasOwn(sources.environment, name) ? sources.environment[name] : undefined;
      if (found !== undefined) return found;
      if (fallback !== "") return fallback;
      return fail(
        `The environment variable ${name} is not set; give a default with \${env:${name}:default}.`,
      );
    }
    if (kind.toLowerCase() !== "file") return text;
    const problem = pathProblem(content);
    if (problem !== undefined) return fail(`The file ${content} is outside allowed roots: ${problem}`);
    const file = normalPath(sources.folder === "" ? content : `${sources.folder}/${content}`);
    if (open.includes(file)) return fail(`The file ${content} refers to itself.`);
    if (files.length >= MAX_FILES) return fail(`The prompt refers to more than ${MAX_FILES} files.`);
    const found = sources.readFile(file);
    if (found === undefined) return fail(`The file ${content} does not exist beside the prompt.`);
    if (found.length > MAX_FILE_LENGTH)
      return fail(`The file ${content} is longer than ${MAX_FILE_LENGTH} characters.`);
    files.push(file);
    const read = readerOf(file);
    if (read === undefined) return found;
    let data: unknown;
    try {
      data = read(found);
    } catch {
      return fail(`The file ${content} cannot be read as ${file.split(".").at(-1)}.`);
    }
    return walk(data, path, place, [...open, file]);
  };
  return { value: walk(value, [], undefined, []), files, problems };
}

function readerOf(file: string): ((text: string) => unknown) | undefined {
  if (/\.json$/i.test(file)) return (text) => JSON.parse(text) as unknown;
  if (!/\.ya?ml$/i.test(file)) return undefined;
  return (text) => {
    const findings = createFindings();
    const yaml = parseYaml(file, text, findings);
    if (yaml === undefined) throw new Error(findings.list[0]?.message);
    return yaml.value;
  };
}
