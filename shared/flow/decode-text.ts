import { isUtf8 } from "node:buffer";
import type { Findings } from "./diagnostics.ts";

/** A file's bytes as text, without byte order mark and with plain newlines; a finding where they are no UTF-8. */
export function decodeText(file: string, bytes: Uint8Array, findings: Findings): string | undefined {
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes).replaceAll("\r\n", "\n");
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
