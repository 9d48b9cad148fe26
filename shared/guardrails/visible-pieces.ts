import { setImmediate } from "node:timers/promises";
import { withFewMarks } from "../normal-form.ts";
import { visibleText, withoutInvisible } from "./fold-text.ts";

/** A few milliseconds of work. */
const PIECE = 16_000;
/**
 * What of a piece is looked at again with the next: longer than anything that is looked for, a term of 100 letters with
 * all their marks and separators included, so that what stands across a border is whole in one of them.
 */
const OVERLAP = 4_000;
/** A pattern looks so far behind what it finds. */
const LOOK_AHEAD = 2;
/** A row of separators holds nothing, and could push words that belong together as far apart as one likes. */
const SEPARATORS = /(?<![\s\p{P}\p{S}])([\s\p{P}\p{S}]{40})[\s\p{P}\p{S}]+/gu;

/** A text, or a stretch of a long one, as `visibleText` has it. */
export interface VisiblePiece {
  text: string;
  isFirst: boolean;
  isLast: boolean;
}

/** A text as it is where it is short; a long one in pieces, between which others may work. */
export async function* visiblePieces(text: string, overlap = OVERLAP): AsyncGenerator<VisiblePiece> {
  let carried = "";
  for (let at = 0, end = 0; at === 0 || at < text.length; at = end) {
    end = at + PIECE;
    // A character is not cut in two.
    if ((text.charCodeAt(end) & 0xfc00) === 0xdc00) end += 1;
    if (at === 0 && end >= text.length) {
      yield { text: visibleText(text), isFirst: true, isLast: true };
      return;
    }
    if (at > 0) await setImmediate();
    const seen = withFewMarks(carried + withoutInvisible(text.slice(at, end)));
    const visible = seen.replaceAll(SEPARATORS, "$1");
    yield { text: visibleText(visible), isFirst: at === 0, isLast: end >= text.length };
    carried = visible.slice(tailStart(visible, overlap));
  }
}

function tailStart(text: string, length: number): number {
  const at = Math.max(0, text.length - length);
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00 ? at + 1 : at;
}

/**
 * Whether what was found in a view of a piece stands there whole. What touches a border may be part of something else,
 * and is whole in the piece beside.
 */
export function isWhole(
  { isFirst, isLast }: VisiblePiece,
  view: string,
  start: number,
  end: number,
): boolean {
  return (isFirst || start > 0) && (isLast || end + LOOK_AHEAD <= view.length);
}
