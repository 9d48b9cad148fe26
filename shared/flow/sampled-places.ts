const SHOWN_LINES = 5;

/** Counts places, and names the first of them. */
export function sampledPlaces(): {
  add(place: { file: string; line: number }): void;
  count(): number;
  /** As in `data.jsonl:1, data.jsonl:2 and 7 more`. */
  words(): string;
} {
  const shown: string[] = [];
  let count = 0;
  return {
    add({ file, line }) {
      count += 1;
      if (shown.length < SHOWN_LINES) shown.push(`${file}:${line}`);
    },
    count: () => count,
    words: () => shown.join(", ") + (count > SHOWN_LINES ? ` and ${count - SHOWN_LINES} more` : ""),
  };
}
