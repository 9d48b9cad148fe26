import { parse } from "yaml";
import { normalPath, pathProblem } from "./flow-paths.ts";

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

/**
 * Replaces every text that is one `${env:NAME}`, `${env:NAME:default}` or `${file:path}`, at any depth. JSON and YAML
 * files become values, others text. A file outside the flow's folder, a missing one and an unset variable without
 * default are problems. Unknown kinds of references stay as they are.
 */
export function resolveReferences(
  value: unknown,
  sources: ReferenceSources,
): { value: unknown; files: string[]; problems: ReferenceProblem[] } {
  const files: string[] = [];
  const problems: ReferenceProblem[] = [];
  const walk = (part: unknown, path: PropertyKey[]): unknown => {
    if (path.length > MAX_DEPTH) return part;
    if (typeof part === "string") return resolve(part, path);
    if (Array.isArray(part)) return part.map((item, index) => walk(item, [...path, index]));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, entry]) => [key, walk(entry, [...path, key])]));
  };
  const resolve = (text: string, path: PropertyKey[]): unknown => {
    const [, kind = "", content = ""] = REFERENCE.exec(text.trim()) ?? [];
    const fail = (message: string): undefined => {
      problems.push({ path, message });
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
    const found = sources.readFile(file);
    if (found === undefined) return fail(`The file ${content} does not exist beside the prompt.`);
    files.push(file);
    try {
      if (/\.json$/i.test(file)) return JSON.parse(found) as unknown;
      return /\.ya?ml$/i.test(file) ? (parse(found, { maxAliasCount: 100 }) as unknown) : found;
    } catch {
      return fail(`The file ${content} cannot be read as ${file.split(".").at(-1)}.`);
    }
  };
  return { value: walk(value, []), files, problems };
}
