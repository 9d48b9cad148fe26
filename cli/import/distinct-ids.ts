import path from "node:path";
import { scalarText } from "../../shared/flow/scalar-text.ts";
import type { ImportedDataset } from "./convert-dataset.ts";

/** The datasets with ids that no two of their rows share: where another dataset has it already, with the file's name before it. */
export function distinctIds(datasets: readonly ImportedDataset[]): ImportedDataset[] {
  const taken = new Set<string>();
  return datasets.map((dataset) => {
    const isShared = dataset.rows.some(({ id }) => taken.has(idOf(id)));
    const before = path.posix.basename(dataset.path, ".jsonl");
    const rows = isShared
      ? dataset.rows.map((row) => ({ ...row, id: `${before}-${idOf(row.id)}` }))
      : dataset.rows;
    for (const { id } of rows) taken.add(idOf(id));
    return { ...dataset, rows };
  });
}

/** They are texts or numbers by now. */
function idOf(id: unknown): string {
  return scalarText(id) ?? "";
}
