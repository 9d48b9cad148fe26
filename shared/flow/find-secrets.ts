import type { FlowFiles } from "../model/flow.ts";
import type { Findings } from "./diagnostics.ts";
import { SECRETS } from "./secret-patterns.ts";

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
    for (const { what, pattern } of SECRETS) {
      const found = pattern.exec(text);
      if (found === null) continue;
      const before = text.slice(0, found.index).split("\n");
      const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
      findings.error(file, place, `This looks like ${what}.`, "Remove it, and revoke it if it was pushed.");
    }
  }
}
