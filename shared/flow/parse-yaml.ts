import {
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import { checkYaml, MAX_ALIASES, MAX_DEPTH } from "./check-yaml.ts";
import { createFindings, hasErrors, type Findings, type Place } from "./diagnostics.ts";
import { isMergeKey, mergedMaps } from "./merge-keys.ts";
import { yamlNumbers } from "./yaml-numbers.ts";

const MAX_LENGTH = 200_000;
/** More findings than this about one file help nobody. */
const MAX_REPORTED = 100;
const CONSEQUENCES = new Set(["UNEXPECTED_TOKEN", "MISSING_CHAR", "BAD_INDENT"]);

/** A YAML text as a plain value, with the way back to where each part stands. */
export interface ParsedYaml {
  value: unknown;
  /** Where the value at a path stands, or its key; where there is none, the nearest part that encloses it. */
  placeOf(path: readonly PropertyKey[], part?: "key" | "value"): Place;
  /** The source of what does not count, because its key is given again further down. */
  overridden: string[];
  /** Its numbers as they were written, with the document's own key that each stands under. */
  numbers: { written: string; under: string | undefined; place: Place }[];
}

/**
 * Parses YAML that a stranger may have written: duplicate keys, tabs, alias bombs, deep nesting and oversized files are
 * findings with line and column, found in bounded time. `lineOffset` lines stand before the text in its file. Nothing
 * is returned where there is an error.
 */
export function parseYaml(
  file: string,
  text: string,
  findings: Findings,
  lineOffset = 0,
): ParsedYaml | undefined {
  const own = createFindings();
  const draft = draftYaml(file, text, own, lineOffset);
  findings.list.push(...own.list);
  return hasErrors(own.list) ? undefined : draft;
}

/** As `parseYaml`, but returns what can be checked further despite errors: the last of two keys, a template as a text. */
export function draftYaml(
  file: string,
  text: string,
  findings: Findings,
  lineOffset = 0,
): ParsedYaml | undefined {
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line) + lineOffset, column: Math.max(1, col) };
  };
  const start: Place = { line: 1 + lineOffset, column: 1 };
  if (text.length > MAX_LENGTH) {
    findings.error(
      file,
      start,
      `The YAML is longer than ${MAX_LENGTH} characters.`,
      "Move data to files of its own.",
    );
    return undefined;
  }
  const deep = tooDeep(text);
  if (deep !== undefined) {
    // Checked on the text, because a parser that descends thousands of levels has already lost.
    const before = text.slice(0, deep).split("\n");
    const place = { line: before.length + lineOffset, column: (before.at(-1)?.length ?? 0) + 1 };
    findings.error(file, place, `The YAML is nested more than ${MAX_DEPTH} levels deep.`, "Flatten it.");
    return undefined;
  }
  const document = composed(text, lines);
  if (document === undefined) {
    findings.error(file, start, "The YAML is nested too deep.", "Flatten it.");
    return undefined;
  }
  for (const [index, { code, message, pos }] of document.errors.slice(0, MAX_REPORTED).entries()) {
    // Where the parser has lost the structure, what it misses next follows from that.
    if (index > 0 && (CONSEQUENCES.has(code) || pos[0] === document.errors[index - 1]?.pos[0])) continue;
    const tab = code === "TAB_AS_INDENT";
    const text = tab ? "A tab cannot indent YAML." : message;
    findings.error(file, placeAt(pos[0]), text, tab ? "Indent with spaces." : undefined);
  }
  for (const problem of document.warnings) findings.warning(file, placeAt(problem.pos[0]), problem.message);
  if (document.errors.length > 0) return undefined;

  const placeOfNode = (node: unknown): Place | undefined => {
    const range = (node as Node | null)?.range;
    return range ? placeAt(range[0]) : undefined;
  };
  const { problems, readable, overridden } = checkYaml(document, text);
  for (const { node, message, remedy } of problems.slice(0, MAX_REPORTED)) {
    findings.error(file, placeOfNode(node) ?? start, message, remedy);
  }
  if (!readable) return undefined;
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    findings.error(file, firstAlias(document, placeOfNode) ?? start, message, "Write the values out.");
    return undefined;
  }

  const pairs = new WeakMap<YAMLMap, Map<string, Pair>>();
  const indexed = (map: YAMLMap): Map<string, Pair> => {
    const merges = map.items.filter(({ key }) => isMergeKey(key)).toReversed();
    const merged = merges.flatMap((pair) => mergedMaps(pair, document)?.toReversed() ?? []);
    const index = new Map(merged.flatMap((source) => [...(pairs.get(source) ?? indexed(source))]));
    for (const pair of map.items) index.set(isScalar(pair.key) ? String(pair.key.value) : "", pair);
    pairs.set(map, index);
    return index;
  };

  return {
    value,
    overridden,
    numbers: yamlNumbers(document).map(({ written, under, offset }) => ({
      written,
      under,
      place: placeAt(offset),
    })),
    placeOf(path, part = "value") {
      let node: unknown = document.contents;
      let place = placeOfNode(node) ?? start;
      for (const [index, step] of path.entries()) {
        if (!isCollection(node)) return place;
        if (isMap(node)) {
          const pair = pairs.get(node)?.get(String(step)) ?? indexed(node).get(String(step));
          if (pair === undefined) return place;
          place = placeOfNode(pair.key) ?? place;
          if (index === path.length - 1 && part === "key") return place;
          node = pair.value;
        } else {
          node = node.get(step, true);
        }
        place = placeOfNode(node) ?? place;
      }
      return place;
    },
  };
}

/** The composed document; undefined where it is nested deeper than the composer's own stack reaches. */
function composed(text: string, lineCounter: LineCounter): Document | undefined {
  try {
    // Keys given twice are found by `checkYaml`, in time linear in their number.
    const document = parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "error",
      // As PyYAML reads it, and so what other programs that take these files do.
      merge: true,
    });
    return document.errors.some(({ message }) => message.includes("call stack")) ? undefined : document;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function firstAlias(
  document: Parameters<typeof visit>[0],
  placeOf: (node: unknown) => Place | undefined,
): Place | undefined {
  let place: Place | undefined;
  visit(document, {
    Alias(_key, node) {
      place = placeOf(node);
      return visit.BREAK;
    },
  });
  return place;
}

/** The offset where brackets outside quotes are nested too deep, or undefined. */
function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    else if (character === "-" && depth === 0 && dashesAt(text, at) > MAX_DEPTH) return at;
    if (depth > MAX_DEPTH) return at;
  }
  return undefined;
}

/** How many `- ` follow one another, each opening a list in the one before. */
function dashesAt(text: string, start: number): number {
  if (start > 1 && text[start - 1] === " " && text[start - 2] === "-") return 0;
  let count = 0;
  for (let at = start; text[at] === "-" && text[at + 1] === " "; at += 2) count += 1;
  return count;
}
