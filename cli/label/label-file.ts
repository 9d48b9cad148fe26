import { appendFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import { LABELS_FILE, labelSchema } from "../../shared/flow/label-schema.ts";

export type Label = z.infer<typeof labelSchema>;

/** A flow's `data/labels.jsonl`. */
export interface LabelFile {
  path: string;
  /** Whether the answer to a row was scored by all of these. */
  isLabelled(row: string, answer: string, metrics: readonly string[], turn?: number): boolean;
  /** Written at once: what a person said is never lost. */
  append(label: Label): Promise<void>;
}

export async function openLabelFile(folder: string): Promise<LabelFile> {
  const file = path.join(folder, LABELS_FILE);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const scored = new Map<string, Set<string>>();
  const keyOf = (row: string | number, answer: string, turn: number | undefined): string =>
    JSON.stringify([String(row), turn ?? 0, answer]);
  const note = ({ row, turn, answer, scores }: Label): void => {
    const key = keyOf(row, answer, turn);
    scored.set(key, new Set([...(scored.get(key) ?? []), ...Object.keys(scores)]));
  };
  for (const line of text.split("\n")) {
    const label = labelOf(line);
    if (label) note(label);
  }
  let separator = text === "" || text.endsWith("\n") ? "" : "\n";
  return {
    path: file,
    isLabelled(row, answer, metrics, turn) {
      const known = scored.get(keyOf(row, answer, turn));
      return known !== undefined && metrics.every((metric) => known.has(metric));
    },
    async append(label) {
      await mkdir(path.dirname(file), { recursive: true });
      await appendFile(file, `${separator}${JSON.stringify(label)}\n`);
      separator = "";
      note(label);
    },
  };
}

/** Undefined for a line that is no label; `flowgate validate` names it. */
function labelOf(line: string): Label | undefined {
  try {
    return labelSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
