import type { Budget } from "../limits.ts";
import { lengthOf } from "../values/characters.ts";

/** Python's `ljust`, `rjust` and `center`: of an odd number of characters, center puts the last where Python does. */
export function padText(
  text: string,
  width: number,
  fill: string,
  side: "left" | "right" | "center",
  budget: Budget,
): string {
  const missing = width - lengthOf(text);
  if (missing <= 0) return text;
  budget.room(missing * fill.length);
  let left = side === "right" ? missing : 0;
  if (side === "center") left = Math.floor(missing / 2) + (missing & width & 1);
  return budget.text(fill.repeat(left) + text + fill.repeat(missing - left));
}

/** Python's `zfill`: zeros after the sign. */
export function fillZeros(text: string, width: number, budget: Budget): string {
  const sign = /^[-+]/.exec(text)?.[0] ?? "";
  return sign + padText(text.slice(sign.length), width - sign.length, "0", "right", budget);
}

/** Python's `expandtabs`: blanks up to the next multiple of `size`, counted from the line's start. */
export function expandTabs(text: string, size: number, budget: Budget): string {
  let expanded = "";
  let column = 0;
  for (const character of text) {
    if (character === "\t") {
      const blanks = size > 0 ? size - (column % size) : 0;
      budget.room(expanded.length + blanks);
      expanded += " ".repeat(blanks);
      column += blanks;
    } else {
      expanded += character;
      column = character === "\n" || character === "\r" ? 0 : column + 1;
    }
  }
  return budget.text(expanded);
}
