import type { FileRecord } from "./file-record.ts";

/** Takes a file's text in pieces, as they come, and gives its records; undefined where only the whole text tells. */
export interface RecordReader {
  push(text: string): FileRecord[] | undefined;
  end(): FileRecord[] | undefined;
}
