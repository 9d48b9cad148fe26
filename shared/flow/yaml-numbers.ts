import { isPair, isScalar, visit, type Document } from "yaml";

/** A number of a document as it was written. */
export interface YamlNumber {
  written: string;
  /** The document's own key that it stands under, if any. */
  under: string | undefined;
  offset: number;
}

/** The numbers of a document, in its order. Keys are none. */
export function yamlNumbers(document: Document): YamlNumber[] {
  const numbers: YamlNumber[] = [];
  visit(document, {
    Scalar(key, node, path) {
      if (key === "key" || typeof node.value !== "number" || node.source === undefined) return;
      const first = path.find((part) => isPair(part));
      const name = isPair(first) && isScalar(first.key) ? first.key.value : undefined;
      const under = typeof name === "string" ? name : undefined;
      numbers.push({ written: node.source, under, offset: node.range?.[0] ?? 0 });
    },
  });
  return numbers;
}
