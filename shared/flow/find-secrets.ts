import type { FlowFiles } from "../model/flow.ts";
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
  for (const [file, bytes] of files) {
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
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const ranges: [start: number, end: number][] = [];
    for (const { what, pattern } of SECRETS) {
      let reported = 0;
      for (const found of text.matchAll(new RegExp(pattern, "g"))) {
        const [start, end] = [found.index, found.index + found[0].length];
        // What is a key of some service looks like a key in general too.
        if (ranges.some(([from, to]) => start < to && from < end)) continue;
        ranges.push([start, end]);
        const place = positionAt(text, found.index);
        findings.error(file, place, `${LIKE_SECRET} ${what}.`, "Remove it, and revoke it if it was pushed.");
        reported += 1;
        if (reported >= MAX_REPORTED) break;
      }
    }
  }
}
