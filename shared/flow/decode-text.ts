import { isUtf8 } from "node:buffer";
import type { Findings } from "./diagnostics.ts";

/**
 * A file's bytes as text, without byte order mark and with plain newlines; a finding where they are no UTF-8, or hold a
 * NUL, which no text does.
 */
export function decodeText(file: string, bytes: Uint8Array, findings: Findings): string | undefined {
  if (isUtf8(bytes)) {
    const text = new TextDecoder().decode(bytes).replaceAll("\r\n", "\n");
    // Old Macs ended lines so: a file without any other line end has its lines there.
    const lines = text.includes("\n") ? text : text.replaceAll("\r", "\n");
    const nul = lines.indexOf("\0");
    if (nul < 0) return lines;
    const before = lines.slice(0, nul).split("\n");
    const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    findings.error(
      file,
      place,
      "The file holds a NUL character.",
      "Remove it, or save the file as UTF-8 text.",
    );
    return undefined;
  }
  let line = 1;
  let start = 0;
  while (true) {
    const end = bytes.indexOf(0x0a, start);
    const part = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isUtf8(part)) {
      refuseEncoding(file, line, part, findings);
      return undefined;
    }
    if (end < 0) return undefined;
    start = end + 1;
    line += 1;
  }
}

/** Reports the line that is no UTF-8, with the column. */
export function refuseEncoding(file: string, line: number, bytes: Uint8Array, findings: Findings): void {
  const column = new TextDecoder().decode(bytes).indexOf("\uFFFD") + 1;
  findings.error(file, { line, column }, "The file is not valid UTF-8.", "Save it with the encoding UTF-8.");
}
