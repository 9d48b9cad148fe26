import type { Diagnostic } from "../model/flow.ts";
import { hasErrors } from "./diagnostics.ts";
import { findReferences, type Reference } from "./find-references.ts";
import { normalPath, pathProblem } from "./flow-paths.ts";
import { isDataFile, readDataFile } from "./read-data-file.ts";

/** Where `${env:...}` and `${file:...}` look. */
export interface ReferenceSources {
  environment: Readonly<Record<string, string | undefined>>;
  /** The text of a file by its path in the flow's folder. */
  readFile(path: string): string | undefined;
  /** Why a file that is there cannot be read, as the end of a sentence. */
  whyRefused?: ((path: string) => string | undefined) | undefined;
  /** The folder of the file that holds the reference, "" for the flow's own. */
  folder: string;
  /** What stands for a variable's value, where that is not to be the value itself. */
  show?: ((variable: UsedVariable) => string) | undefined;
}

/** A variable of the environment whose value a document takes. */
export interface UsedVariable {
  name: string;
  value: string;
  /** The names of the fields it stands under, outermost first; an item of a list goes by its own name. */
  fields: string[];
  /** Where the document holds the reference. */
  path: PropertyKey[];
}

/** A reference that leads nowhere. `path` says which value of the document holds it. */
export interface ReferenceProblem {
  path: PropertyKey[];
  message: string;
  /** Whether `findings` say what is wrong, in the file that is. */
  told?: true;
}

const MAX_DEPTH = 64;
/** A default in a default in ... is read anew each time: few of them are enough. */
const DEPTH_OF_DEFAULT = 8;
/** A file may refer to files in turn; no more than this are read for one document. */
const MAX_FILES = 100;
const MAX_FILE_LENGTH = 4_000_000;

/** Where the walk is: in the document, and through which files and defaults it came. */
interface Position {
  /** Of the value in what is walked: its depth. */
  depth: number;
  /** Where the document itself holds the reference that led here. */
  path: PropertyKey[];
  fields: string[];
  /** Files whose own references are being followed. */
  open: string[];
}

/**
 * Replaces `${env:NAME}`, `${env:NAME:default}` and `${file:path}` in every text, at any depth. A default is all that
 * follows the second colon, also nothing, and may hold references. A text that is one reference takes the value
 * itself: JSON and YAML files become values, whose references are resolved too. A file outside the prompt's folder, a
 * missing one, one that leads back to itself and an unset variable without default are problems. Unknown kinds of
 * references stay as they are.
 */
export function resolveReferences(
  value: unknown,
  sources: ReferenceSources,
): { value: unknown; files: string[]; problems: ReferenceProblem[]; findings: Diagnostic[] } {
  const files: string[] = [];
  const findings: Diagnostic[] = [];
  const problems: ReferenceProblem[] = [];
  const walk = (part: unknown, at: Position): unknown => {
    if (at.depth > MAX_DEPTH) return part;
    if (typeof part === "string") return resolve(part, at);
    if (Array.isArray(part)) return part.map((item, index) => walk(item, inside(at, index, nameOf(item))));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, entry]) => [key, walk(entry, inside(at, key, key))]),
    );
  };
  const resolve = (text: string, at: Position): unknown => {
    const found = findReferences(text);
    const [only] = found;
    if (only === undefined) return text;
    if (only.whole) return follow(only, at);
    const pieces = found.map((reference) => {
      const piece = follow(reference, at);
      if (typeof piece !== "object" || piece === null) return piece;
      problems.push({
        path: at.path,
        message: `${reference.content} holds fields, which cannot stand within a text.`,
      });
      return undefined;
    });
    if (pieces.includes(undefined)) return undefined;
    const length = pieces.reduce((sum: number, piece) => sum + String(piece).length, text.length);
    if (length > MAX_FILE_LENGTH)
      return fail(at, `The text is longer than ${MAX_FILE_LENGTH} characters, references included.`);
    let end = 0;
    const texts = found.map((reference, index) => {
      const before = text.slice(end, reference.start);
      end = reference.end;
      return before + String(pieces[index]);
    });
    return texts.join("") + text.slice(end);
  };
  const follow = ({ kind, content }: Reference, at: Position): unknown =>
    kind === "env" ? variable(content, at) : file(content, at);
  const fail = (at: Position, message: string): undefined => {
    problems.push({ path: at.path, message });
    return undefined;
  };
  const variable = (content: string, at: Position): unknown => {
    const separator = content.indexOf(":");
    const name = separator < 0 ? content : content.slice(0, separator);
    const found = Object.hasOwn(sources.environment, name) ? sources.environment[name] : undefined;
    if (found !== undefined) {
      return sources.show?.({ name, value: found, fields: at.fields, path: at.path }) ?? found;
    }
    if (separator >= 0) {
      return walk(content.slice(separator + 1), { ...at, depth: at.depth + DEPTH_OF_DEFAULT });
    }
    return fail(at, `Environment variable '${name}' not set; give a default with \${env:${name}:default}.`);
  };
  const file = (content: string, at: Position): unknown => {
    const problem = pathProblem(content);
    if (problem !== undefined) return fail(at, `The file ${content} is outside allowed roots: ${problem}`);
    const path = normalPath(sources.folder === "" ? content : `${sources.folder}/${content}`);
    if (at.open.includes(path)) return fail(at, `The file ${content} refers to itself.`);
    if (files.length >= MAX_FILES) return fail(at, `The prompt refers to more than ${MAX_FILES} files.`);
    const found = sources.readFile(path);
    if (found === undefined) {
      const why = sources.whyRefused?.(path);
      return fail(at, `Referenced file '${content}' ${why ?? "not found beside the prompt"}.`);
    }
    if (found.length > MAX_FILE_LENGTH)
      return fail(at, `The file ${content} is longer than ${MAX_FILE_LENGTH} characters.`);
    files.push(path);
    if (!isDataFile(path)) return found;
    const data = readDataFile(path, found);
    // The settings of a model are not printed: there 1.0 is 1.
    findings.push(...data.findings.filter(({ severity }) => severity === "error" || at.path[0] !== "model"));
    if (hasErrors(data.findings)) {
      const message = `The file ${content} cannot be read as ${path.split(".").at(-1)}.`;
      problems.push({ path: at.path, message, told: true });
      return undefined;
    }
    return walk(data.value, { ...at, open: [...at.open, path] });
  };
  return { value: walk(value, { depth: 0, path: [], fields: [], open: [] }), files, problems, findings };
}

/** The position of a part. What a file holds has no place in the document but that of its reference. */
function inside(at: Position, key: PropertyKey, name: string | undefined): Position {
  return {
    ...at,
    depth: at.depth + 1,
    path: at.open.length === 0 ? [...at.path, key] : at.path,
    fields: name === undefined ? at.fields : [...at.fields, name],
  };
}

function nameOf(item: unknown): string | undefined {
  const name = typeof item === "object" && item !== null && "name" in item ? item.name : undefined;
  return typeof name === "string" ? name : undefined;
}
