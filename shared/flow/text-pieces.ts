import { isUtf8 } from "node:buffer";
import type { FlowFiles } from "../model/flow.ts";
import { piecesOf } from "./file-pieces.ts";

/** A text of more is large to V8, which makes room for each by itself: reading then takes four times as long. */
const PART_BYTES = 64 * 1024;
const RETURN = 0x0d;
const NEWLINE = 0x0a;

/** Whether a file is UTF-8, without holding it. */
export function isText(file: string, files: FlowFiles): boolean {
  for (const bytes of wholeCharacters(file, files)) if (!isUtf8(bytes)) return false;
  return true;
}

/**
 * Whether `textPieces` gives what `decodeText` would: of UTF-8 without a NUL, and with newlines that are none of old
 * Macs.
 */
export function isPlainText(file: string, files: FlowFiles): boolean {
  let returned = false;
  for (const bytes of wholeCharacters(file, files)) {
    if (!isUtf8(bytes) || bytes.includes(0)) return false;
    if (returned && bytes[0] !== NEWLINE) return false;
    returned = bytes.at(-1) === RETURN;
    const last = bytes.length - 1;
    for (let at = bytes.indexOf(RETURN); at >= 0 && at < last; at = bytes.indexOf(RETURN, at + 1))
      if (bytes[at + 1] !== NEWLINE) return false;
  }
  return !returned;
}

/** The text of a file that `isPlainText`, without byte order mark and with plain newlines. */
export function* textPieces(file: string, files: FlowFiles): Generator<string> {
  let before: string | undefined;
  for (const bytes of wholeCharacters(file, files)) {
    const decoded = bytes.toString("utf8");
    const text = before === undefined ? decoded.replace(/^\uFEFF/, "") : before + decoded;
    before = text.endsWith("\r") ? "\r" : "";
    yield (before === "" ? text : text.slice(0, -1)).replaceAll("\r\n", "\n");
  }
}

/** In parts that end with a character, where the file is UTF-8; none is empty. */
function* wholeCharacters(file: string, files: FlowFiles): Generator<Buffer> {
  let begun: Buffer = Buffer.alloc(0);
  for (const piece of piecesOf(file, files)) {
    for (let at = 0; at < piece.length; at += PART_BYTES) {
      const part = piece.subarray(at, at + PART_BYTES);
      const bytes =
        begun.length > 0
          ? Buffer.concat([begun, part])
          : Buffer.from(part.buffer, part.byteOffset, part.byteLength);
      const end = charactersEnd(bytes);
      if (end > 0) yield bytes.subarray(0, end);
      begun = bytes.subarray(end);
    }
  }
  if (begun.length > 0) yield begun;
}

/** Where the last character starts, which may go on in the next part; the end behind one that is a single byte. */
function charactersEnd(bytes: Buffer): number {
  let at = bytes.length - 1;
  if ((bytes[at] ?? 0) < 0x80) return bytes.length;
  while (at > 0 && at > bytes.length - 4 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}
