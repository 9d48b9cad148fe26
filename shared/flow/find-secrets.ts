import type { FlowFiles } from "../model/flow.ts";
import { separateParts } from "./file-pieces.ts";
import type { Findings } from "./diagnostics.ts";
import { positionAt } from "./jinja/template-error.ts";
import { SECRETS } from "./secret-patterns.ts";

/** How a finding of what looks like a key begins. */
export const LIKE_SECRET = "This looks like";
/** More findings than this of one kind in one file help nobody. */
const MAX_REPORTED = 10;

const SECRET_FILES = /(^|\/)(\.env(\..*)?|id_rsa|id_ed25519|.*\.(pem|key|pfx|p12))$/i;

/** Files and texts that must not leave the author's machine. The finding never repeats what it found. */
export function findSecrets(files: FlowFiles, findings: Findings): void {
  for (const file of files.keys()) {
    if (SECRET_FILES.test(file)) {
      const message = "A file of secrets does not belong into a flow.";
      findings.error(
        file,
        { line: 1, column: 1 },
        message,
        "Remove it from the folder; revoke what it held if it was pushed.",
      );
      continue;
    }
    const reported = new Map<string, number>();
    for (const { bytes, linesBefore, bytesBefore } of separateParts(file, files)) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
      for (const { what, start } of secretsIn(text, reported)) {
        const { line, column } = positionAt(text, start);
        findings.error(
          file,
          { line: line + linesBefore, column: line === 1 ? column + bytesBefore : column },
          `${LIKE_SECRET} ${what}.`,
          "Remove it, and revoke it if it was pushed.",
        );
      }
    }
  }
}

/** `reported`: how many of each kind were found in the file, beyond which none is. */
function secretsIn(text: string, reported: Map<string, number>): { what: string; start: number }[] {
  const found: { what: string; start: number; end: number }[] = [];
  for (const { what, pattern } of SECRETS) {
    for (const { index: start, 0: match } of text.matchAll(new RegExp(pattern, "g"))) {
      const count = reported.get(what) ?? 0;
      if (count >= MAX_REPORTED) break;
      const end = start + match.length;
      // What is a key of some service looks like a key in general too.
      if (found.some((other) => start < other.end && other.start < end)) continue;
      found.push({ what, start, end });
      reported.set(what, count + 1);
    }
  }
  return found;
}
