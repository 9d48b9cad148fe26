import { createHash, hash } from "node:crypto";
import type { FlowFiles } from "../model/flow.ts";

const PIECE_BYTES = 256 * 1024;
const NEWLINE = 0x0a;
const CLOSING_BRACE = 0x7d;

/** The bytes of a file, without reading one that is large. */
export function sizeOf(file: string, files: FlowFiles): number {
  return files.large?.(file)?.bytes ?? files.get(file)?.length ?? 0;
}

/** A file piece by piece; nothing where there is none. */
export function piecesOf(file: string, files: FlowFiles): Iterable<Uint8Array> {
  return files.large?.(file)?.pieces() ?? cut(files.get(file) ?? new Uint8Array());
}

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/** SHA-256 in hex, or MD5 in base64 as storage tells it. */
export function hashOf(file: string, files: FlowFiles, as: "sha256" | "md5"): string {
  const encoding = as === "sha256" ? "hex" : "base64";
  const bytes = files.large?.(file) ? undefined : files.get(file);
  if (bytes) return hash(as, bytes, encoding);
  const digest = createHash(as);
  for (const piece of piecesOf(file, files)) digest.update(piece);
  return digest.digest(encoding);
}

/** A part of a file, and where it starts: so many newlines, and bytes of its first line, come before it. */
export interface FilePart {
  bytes: Uint8Array;
  linesBefore: number;
  bytesBefore: number;
}

/**
 * A file in parts that end with a line or, where a line is longer than a piece, with an object of JSON in it: one that
 * is held in one part.
 */
export function* separateParts(file: string, files: FlowFiles): Generator<FilePart> {
  if (!files.large?.(file)) {
    yield { bytes: files.get(file) ?? new Uint8Array(), linesBefore: 0, bytesBefore: 0 };
    return;
  }
  let begun: Uint8Array[] = [];
  let linesBefore = 0;
  let bytesBefore = 0;
  for (const piece of piecesOf(file, files)) {
    const end = piece.lastIndexOf(NEWLINE) + 1 || piece.lastIndexOf(CLOSING_BRACE) + 1;
    if (end > 0) {
      const bytes = Buffer.concat([...begun, piece.subarray(0, end)]);
      yield { bytes, linesBefore, bytesBefore };
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) linesBefore += 1;
      const lastLine = bytes.lastIndexOf(NEWLINE) + 1;
      bytesBefore = bytes.length - lastLine + (lastLine === 0 ? bytesBefore : 0);
      begun = [];
    }
    if (end < piece.length) begun.push(piece.subarray(end));
  }
  if (begun.length > 0) yield { bytes: Buffer.concat(begun), linesBefore, bytesBefore };
}

/** Lines of a file by their numbers, which start at 1, without holding the others. */
export function linesAt(file: string, numbers: ReadonlySet<number>, files: FlowFiles): Map<number, string> {
  const found = new Map<number, string>();
  let begun: Uint8Array[] = [];
  let line = 1;
  const end = (): void => {
    if (numbers.has(line)) found.set(line, textOf(begun, line));
    begun = [];
  };
  for (const piece of piecesOf(file, files)) {
    let start = 0;
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, start)) {
      if (numbers.has(line)) begun.push(piece.subarray(start, at));
      end();
      line += 1;
      start = at + 1;
    }
    if (numbers.has(line)) begun.push(piece.subarray(start));
  }
  end();
  return found;
}

/** Without the byte order mark that a file may begin with. */
function textOf(parts: readonly Uint8Array[], line: number): string {
  return new TextDecoder("utf-8", { ignoreBOM: line > 1 }).decode(Buffer.concat(parts));
}
