import type { ContentPart } from "../ports/chat-model.ts";
import { imagePart } from "./image-part.ts";
import { WRITTEN_IMAGE } from "./prompt-images.ts";
import { literal, type Segment } from "./segment.ts";

const OPENING = /^!\[[^[\]\n]{0,500}\]\([ \t]{0,20}$/;
const CLOSING = /^(?:[ \t]{1,20}"[^"\n]{0,500}")?[ \t]{0,20}\)/;
/** How far before an address an image in Markdown can begin. */
const LONGEST_OPENING = 530;

/**
 * Images in Markdown that the template's author made room for, as content parts: `![alt]({{ photo }})`, and, where
 * `written` says so, those written out. What stands in a value stays text: an input brings no images of its own.
 * `filling` gives the part of a value that is put into such brackets; undefined for one that stays text.
 */
export function inlineImages(
  segments: readonly Segment[],
  written: boolean,
  images: ReadonlyMap<string, Uint8Array>,
  filling: (segment: Segment) => ContentPart | undefined,
): readonly (Segment | ContentPart)[] {
  if (!segments.some(canOpenImage)) return segments;
  const pieces: (Segment | ContentPart)[] = [];
  /** Where the text after an image goes on, behind its closing bracket. */
  let skip = 0;
  for (const [index, segment] of segments.entries()) {
    const before = pieces.at(-1);
    if (segment.kind === "literal") {
      const text = segment.text.slice(skip);
      skip = 0;
      if (written) pieces.push(...writtenImages(text, images));
      else if (isLiteral(before)) pieces[pieces.length - 1] = literal(before.text + text);
      else if (text !== "") pieces.push(literal(text));
      continue;
    }
    const after = segments[index + 1];
    const opening = isLiteral(before) ? openingOf(before.text) : undefined;
    const closing = after?.kind === "literal" ? CLOSING.exec(after.text) : null;
    const part = opening === undefined || closing === null ? undefined : filling(segment);
    if (opening === undefined || closing === null || part === undefined) {
      pieces.push(segment);
      continue;
    }
    pieces.pop();
    if (opening !== "") pieces.push(literal(opening));
    pieces.push(part);
    skip = closing[0].length;
  }
  return pieces;
}

/** Every image begins with this character, and most prompts have none. The bracket behind it may be in another segment. */
function canOpenImage({ kind, text }: Segment): boolean {
  return kind === "literal" && text.includes("!");
}

function isLiteral(piece: Segment | ContentPart | undefined): piece is Segment {
  return piece !== undefined && "kind" in piece && piece.kind === "literal";
}

/** The text before the brackets of an image whose address follows; undefined where none is open. */
function openingOf(text: string): string | undefined {
  const start = text.lastIndexOf("![");
  if (start < 0 || text.length - start > LONGEST_OPENING) return undefined;
  return OPENING.test(text.slice(start)) ? text.slice(0, start) : undefined;
}

function writtenImages(text: string, images: ReadonlyMap<string, Uint8Array>): (Segment | ContentPart)[] {
  const pieces: (Segment | ContentPart)[] = [];
  let end = 0;
  for (const found of text.matchAll(WRITTEN_IMAGE)) {
    const part = imagePart(found[1] ?? "", images);
    if (part === undefined) continue;
    if (found.index > end) pieces.push(literal(text.slice(end, found.index)));
    pieces.push(part);
    end = found.index + found[0].length;
  }
  if (end < text.length) pieces.push(literal(text.slice(end)));
  return pieces;
}
