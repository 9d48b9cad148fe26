import type { FlowFiles } from "../model/flow.ts";
import { lastRowEnd } from "./csv-reader.ts";
import type { Place } from "./diagnostics.ts";
import { pastValue } from "./json-members.ts";
import { textPieces } from "./text-pieces.ts";

/** The text of a plain CSV or JSON file from a place on, at least to the end of the record that starts there. */
export function recordText(file: string, start: Place, files: FlowFiles): string {
  const isCsv = /\.csv$/i.test(file);
  let found: string | undefined;
  const at = { line: 1, column: 1 };
  for (const piece of textPieces(file, files)) {
    if (found === undefined) {
      const offset = offsetOf(start, piece, at);
      if (offset === undefined) continue;
      found = piece.slice(offset);
    } else found += piece;
    const end = isCsv ? lastRowEnd(found.replace(/^\n+/, "")) : pastValue(found, 0);
    if (isCsv ? end > 0 : end < found.length) break;
  }
  return found ?? "";
}

/** Where a place is in a piece that starts at another, which goes on to the piece's end where it is not in it. */
function offsetOf(place: Place, piece: string, at: Place): number | undefined {
  let offset = 0;
  while (at.line < place.line) {
    const newline = piece.indexOf("\n", offset);
    if (newline < 0) break;
    at.line += 1;
    at.column = 1;
    offset = newline + 1;
  }
  const left = at.line < place.line ? Infinity : place.column - at.column;
  if (left < piece.length - offset) return offset + left;
  at.column += piece.length - offset;
  return undefined;
}
