import { trimEnd, trimStart } from "../values/characters.ts";

/** Python's `strip`: whitespace, or any of the given characters, from the ends that are named. */
export function trimText(
  text: string,
  characters: string | undefined,
  ends: "both" | "start" | "end",
): string {
  if (characters === undefined) {
    const started = ends === "end" ? text : trimStart(text);
    return ends === "start" ? started : trimEnd(started);
  }
  const unwanted = new Set(characters);
  const letters = Array.from(text);
  let from = 0;
  let to = letters.length;
  if (ends !== "end") while (from < to && unwanted.has(letters[from] ?? "")) from += 1;
  if (ends !== "start") while (to > from && unwanted.has(letters[to - 1] ?? "")) to -= 1;
  return letters.slice(from, to).join("");
}
