import type { FlowFiles } from "../model/flow.ts";
import { createCsvReader } from "./csv-reader.ts";
import type { Findings } from "./diagnostics.ts";
import type { FileRecord } from "./file-record.ts";
import { createListReader } from "./list-reader.ts";
import { isPlainText, textPieces } from "./text-pieces.ts";

/**
 * The records of a CSV file, or of a JSON file that is a list, as long as nothing is wrong with it, a piece held at a
 * time. Returns how many went by before something was that only the whole text tells; undefined where nothing was. The
 * whole text has the same records up to there, and only a file without errors has findings from here.
 */
export function* recordsInPieces(
  file: string,
  files: FlowFiles,
  findings: Findings,
): Generator<FileRecord[], number | undefined> {
  if (!isPlainText(file, files)) return 0;
  const reader = /\.csv$/i.test(file) ? createCsvReader(file) : createListReader(file, findings);
  let given = 0;
  for (const text of textPieces(file, files)) {
    const records = reader.push(text);
    if (records === undefined) return given;
    given += records.length;
    yield records;
  }
  const records = reader.end();
  if (records === undefined) return given;
  yield records;
  return undefined;
}
