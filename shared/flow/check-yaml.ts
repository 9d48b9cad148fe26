import { isAlias, isMap, isScalar, Scalar, visit, type Document, type Pair, type YAMLMap } from "yaml";
import { isMergeKey, mergedMaps } from "./merge-keys.ts";

export const MAX_DEPTH = 50;
export const MAX_ALIASES = 100;
/** More than this is not kept of what keys given twice hide. */
const MAX_OVERRIDDEN = 100;
const SHOWN_LETTERS = 200;

export interface YamlProblem {
  node: unknown;
  message: string;
  remedy: string;
}

/**
 * What YAML allows and a file a stranger wrote may not hold: keys twice, keys that are no text, bombs, loops. A template
 * without quotes becomes the text that was meant, in the document itself.
 */
export function checkYaml(
  document: Document,
  source: string,
): {
  problems: YamlProblem[];
  /** Whether the rest of the document means what its author meant, so that it can be checked further. */
  readable: boolean;
  /** The source of what is written under a key that is given again further down, and so does not count. */
  overridden: string[];
} {
  const problems: YamlProblem[] = [];
  const overridden: string[] = [];
  let readable = true;
  let aliases = 0;
  visit(document, {
    Map(_key, map) {
      if (isBareTemplate(map, source)) {
        const text = sourceOf(map, source);
        const quote = text.includes('"') ? "'" : '"';
        const remedy = `Write ${quote}${text.slice(0, SHOWN_LETTERS)}${quote}.`;
        problems.push({ node: map, message: "A template needs quotes around it.", remedy });
        const scalar = new Scalar(text);
        scalar.range = map.range ?? null;
        return scalar;
      }
      const seen = new Map<string, Pair>();
      for (const pair of map.items) {
        const { key } = pair;
        if (key !== null && !isScalar(key)) {
          problems.push({
            node: key,
            message: "A key is a plain text.",
            remedy: "Quote braces and brackets in it.",
          });
          readable = false;
          return visit.SKIP;
        }
        if (isMergeKey(key) && mergedMaps(pair, document) === undefined) {
          const remedy =
            "Write an alias of a map, such as *defaults, or a list of them; or put the << in quotes.";
          problems.push({ node: pair.value, message: "What << merges is a map.", remedy });
          readable = false;
        }
        const name = String(key?.value);
        const earlier = seen.get(name);
        if (earlier !== undefined) {
          problems.push({ node: key, message: "This key is given twice.", remedy: "Remove one of the two." });
          if (overridden.length < MAX_OVERRIDDEN) overridden.push(sourceOf(earlier.value, source));
        }
        seen.set(name, pair);
      }
      return undefined;
    },
    Node(_key, node, path) {
      if (isAlias(node)) {
        aliases += 1;
        const target = node.resolve(document);
        if (target !== undefined && path.includes(target)) {
          const message = `The alias *${node.source} stands in what it is an alias of, which so would have no end.`;
          problems.push({ node, message, remedy: "Write out what is meant." });
          readable = false;
          return visit.BREAK;
        }
      }
      if (aliases <= MAX_ALIASES && path.length <= 2 * MAX_DEPTH) return undefined;
      const message =
        aliases > MAX_ALIASES
          ? `The YAML uses more than ${MAX_ALIASES} aliases.`
          : "The YAML is nested too deep.";
      problems.push({ node, message, remedy: "Write the values out, and flatten them." });
      readable = false;
      return visit.BREAK;
    },
  });
  return { problems, readable, overridden };
}

/** `{{ question }}` without quotes, which YAML takes for a map whose key is a map. */
function isBareTemplate(map: YAMLMap, source: string): boolean {
  return map.flow === true && isMap(map.items[0]?.key) && sourceOf(map, source).startsWith("{{");
}

function sourceOf(node: unknown, source: string): string {
  const { range } = (node ?? {}) as { range?: [number, number, number] | null };
  return range ? source.slice(range[0], range[1]) : "";
}
