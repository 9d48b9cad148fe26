import { structuredPatch } from "diff";
import type { DiffLine } from "../model/changes.ts";
import { nameHiddenCharacters } from "./name-hidden-characters.ts";
import { cutText } from "./plain-characters.ts";

/** Lines shown; what two texts have beyond that is better read in an editor. */
const MOST_LINES = 400;
const MOST_CHARACTERS = 2_000;
/** Myers' algorithm takes time by the square of the edits. A limit of time would make the same report differ. */
const MOST_EDITS = 2_000;

export interface UnifiedDiff {
  lines: DiffLine[];
  added: number;
  removed: number;
  /** Lines of the diff beyond those in `lines`. */
  more: number;
}

/**
 * The unified diff of two texts with three lines of context, by Myers' algorithm, what cannot be seen in it named. Undefined where they differ in so
 * much that it would take too long to find.
 */
export function unifiedDiff(before: string, after: string): UnifiedDiff | undefined {
  const patch = structuredPatch("", "", before, after, undefined, undefined, {
    context: 3,
    maxEditLength: MOST_EDITS,
  });
  if (!patch) return undefined;
  const lines: DiffLine[] = [];
  const counts = { added: 0, removed: 0, all: 0 };
  const add = (kind: DiffLine["kind"], text: string): void => {
    counts.all += 1;
    if (lines.length < MOST_LINES) lines.push({ kind, text: cutText(text, MOST_CHARACTERS) });
  };
  for (const { oldStart, oldLines, newStart, newLines, lines: changed } of patch.hunks) {
    add("hunk", `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`);
    const read = changed.flatMap(readLine);
    for (const { kind, text } of lines.length < MOST_LINES ? nameHiddenCharacters(read) : read) {
      if (kind === "added" || kind === "removed") counts[kind] += 1;
      add(kind, text);
    }
  }
  return {
    lines,
    added: counts.added,
    removed: counts.removed,
    more: counts.all - lines.length,
  };
}

function readLine(line: string): DiffLine[] {
  const kind = KINDS[line[0] ?? ""];
  return kind === undefined ? [] : [{ kind, text: line.slice(1) }];
}

/** By a patch line's first character; a line such as "\ No newline at end of file" says nothing here. */
const KINDS: Record<string, Exclude<DiffLine["kind"], "hunk">> = {
  " ": "same",
  "-": "removed",
  "+": "added",
};
