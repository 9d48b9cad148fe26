import { isAlias, isScalar, visit, type Document } from "yaml";

export const MAX_DEPTH = 50;
export const MAX_ALIASES = 100;

export interface YamlProblem {
  node: unknown;
  message: string;
  remedy: string | undefined;
}

/** What YAML allows and a file a stranger wrote may not hold: keys twice, keys that are no text, bombs. */
export function checkYaml(document: Document): YamlProblem[] {
  const problems: YamlProblem[] = [];
  let aliases = 0;
  visit(document, {
    Map(_key, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (key !== null && !isScalar(key)) {
          problems.push({
            node: key,
            message: "A key is a plain text.",
            remedy: "Quote braces and brackets in it.",
          });
          return visit.BREAK;
        }
        const name = String(key?.value);
        if (seen.has(name)) {
          problems.push({ node: key, message: "This key is given twice.", remedy: "Remove one of the two." });
        }
        seen.add(name);
      }
      return undefined;
    },
    Node(_key, node, path) {
      if (isAlias(node)) aliases += 1;
      if (aliases <= MAX_ALIASES && path.length <= 2 * MAX_DEPTH) return undefined;
      const message =
        aliases > MAX_ALIASES
          ? `The YAML uses more than ${MAX_ALIASES} aliases.`
          : "The YAML is nested too deep.";
      problems.push({ node, message, remedy: "Write the values out, and flatten them." });
      return visit.BREAK;
    },
  });
  return problems;
}
