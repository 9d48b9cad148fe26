import { isAlias, isMap, isScalar, isSeq, type Document, type Pair, type YAMLMap } from "yaml";

/** Whether a key is `<<`, which stands for the keys of the maps that are its value, as in YAML 1.1 and PyYAML. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === "symbol";
}

/** The maps whose keys a merge brings in, the first going before the others; undefined where its value is none. */
export function mergedMaps({ value }: Pair, document: Document): YAMLMap[] | undefined {
  const source = resolved(value, document);
  const sources = isSeq(source) ? source.items.map((item) => resolved(item, document)) : [source];
  return sources.every((map) => isMap(map)) ? sources : undefined;
}

function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}
