import { isUtf8 } from "node:buffer";
import { refuseEncoding } from "./decode-text.ts";
import type { Findings } from "./diagnostics.ts";
import { recordOf, type FileRecord } from "./file-record.ts";
import { createJsonReport } from "./report-json.ts";
import { parseStrictJson } from "./strict-json.ts";

const MAX_LINE_BYTES = 10 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Takes a JSONL file in pieces, as they come, and gives its records. What cannot be read is a finding. */
export interface LineReader {
  /** The records of the lines that end in this piece. The reader may keep the piece: it must not change. */
  push(piece: Uint8Array): FileRecord[];
  /** The record of a last line that no newline ends. */
  end(): FileRecord[];
}

/**
 * A reader of one JSONL file that holds one line of it at most. A line of more than 10 MB is refused without being
 * held; after a line that is no UTF-8 nothing more is read.
 */
export function createLineReader(file: string, findings: Findings): LineReader {
  const report = createJsonReport(file, findings);
  let line = 0;
  let stopped = false;
  /** What has come of a line that has not ended; nothing where it is already too long. */
  let begun: Uint8Array[] = [];
  let begunBytes = 0;

  const begin = (bytes: Uint8Array): void => {
    begunBytes += bytes.length;
    if (begunBytes > MAX_LINE_BYTES) begun = [];
    else if (bytes.length > 0) begun.push(bytes);
  };
  /** The record in what has begun and the bytes of a piece that end its line. */
  const finish = (piece: Buffer, start: number, end: number, valid: boolean): FileRecord | undefined => {
    line += 1;
    const length = begunBytes + end - start;
    let record: FileRecord | undefined;
    if (length > MAX_LINE_BYTES) {
      const message = `The line has ${length} bytes; the limit is 10 MB.`;
      findings.error(file, { line, column: 1 }, message, "Make several rows of it, or shorten it.");
    } else if (begunBytes > 0) {
      record = recordIn(Buffer.concat([...begun, piece.subarray(start, end)]), 0, length, false);
    } else {
      record = recordIn(piece, start, end, valid);
    }
    begun = [];
    begunBytes = 0;
    return record;
  };
  const recordIn = (bytes: Buffer, from: number, to: number, valid: boolean): FileRecord | undefined => {
    if (!valid && !isUtf8(bytes.subarray(from, to))) {
      refuseEncoding(file, line, bytes.subarray(from, to), findings);
      stopped = true;
      return undefined;
    }
    const decoded = bytes.toString("utf8", from, to);
    const text = line === 1 ? decoded.replace(/^\uFEFF/, "") : decoded;
    const start = text.startsWith("{") ? 0 : text.search(/\S/);
    if (start < 0) return undefined;
    const { value, problems } = parseStrictJson(text);
    if (problems.length > 0) report(problems, (offset) => ({ line, column: offset + 1 }));
    return value === undefined ? undefined : recordOf(value, file, line, start + 1, findings);
  };

  return {
    push(bytes) {
      const records: FileRecord[] = [];
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      // Asked once of all lines that are whole in the piece, because asking each costs as much as decoding it.
      const first = begunBytes === 0 ? 0 : piece.indexOf(NEWLINE) + 1;
      const valid = isUtf8(piece.subarray(first, piece.lastIndexOf(NEWLINE) + 1));
      let start = 0;
      for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
        if (stopped) return records;
        const record = finish(piece, start, end, valid);
        if (record !== undefined) records.push(record);
        start = end + 1;
      }
      if (!stopped) begin(piece.subarray(start));
      return records;
    },
    end() {
      const record = stopped || begunBytes === 0 ? undefined : finish(Buffer.alloc(0), 0, 0, false);
      return record === undefined ? [] : [record];
    },
  };
}
