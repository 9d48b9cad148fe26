import { appendFile, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FlowDefinition } from "../../shared/model/flow.ts";
import { CommandError } from "../command-error.ts";

/** A dataset of a flow's folder that rows are added to. */
export interface DatasetFile {
  /** Relative to the flow's folder. */
  path: string;
  /**
   * Adds a row at the end, at once; one whose id is there already is not added again. Resolves to what takes the row out
   * again, and nothing else that was written meanwhile; of one that was there already, it stays.
   */
  append(row: { id: string } & Record<string, unknown>): Promise<() => Promise<void>>;
}

/**
 * The JSONL dataset that accepted rows go to: the one that is named, else the flow's first of quality. Throws
 * `CommandError` naming those there are.
 */
export async function openDatasetFile(
  folder: string,
  { evaluation }: Pick<FlowDefinition, "evaluation">,
  named: string | undefined,
): Promise<DatasetFile> {
  const fitting = evaluation.datasets.filter(({ path: file }) => file.endsWith(".jsonl"));
  const chosen = named ?? fitting.find(({ as }) => as === "quality")?.path;
  if (chosen === undefined || !fitting.some((dataset) => dataset.path === chosen)) {
    const names = fitting.map((dataset) => dataset.path).join(", ");
    throw new CommandError(
      names === ""
        ? "Rows are added to a JSONL dataset, and the flow has none. Make data/traffic.jsonl with a first row, and list it in evaluation.datasets."
        : `${chosen ?? "No dataset"} is no JSONL dataset of the flow's evaluation. Name one with --dataset: ${names}.`,
    );
  }
  const file = path.join(folder, chosen);
  const text = await readFile(file, "utf8");
  const ids = new Set(text.split("\n").map(idOf));
  let separator = text === "" || text.endsWith("\n") ? "" : "\n";
  return {
    path: chosen,
    async append(row) {
      if (ids.has(row.id)) return () => Promise.resolve();
      const added = `${JSON.stringify(row)}\n`;
      await appendFile(file, separator + added);
      ids.add(row.id);
      separator = "";
      return async () => {
        const now = await readFile(file, "utf8");
        const at = now.lastIndexOf(added);
        if (at === -1) return;
        await writeWhole(file, now.slice(0, at) + now.slice(at + added.length));
        ids.delete(row.id);
      };
    },
  };
}

/** Whoever interrupts it finds the file as it was or as it is to be. */
async function writeWhole(file: string, text: string): Promise<void> {
  const target = await realpath(file);
  const written = `${target}.${process.pid}.tmp`;
  await writeFile(written, text, { mode: (await stat(target)).mode });
  await rename(written, target);
}

function idOf(line: string): unknown {
  try {
    return (JSON.parse(line) as { id?: unknown } | null)?.id;
  } catch {
    return undefined;
  }
}
