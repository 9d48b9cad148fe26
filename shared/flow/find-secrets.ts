import type { FlowFiles } from "../model/flow.ts";
import type { Findings } from "./diagnostics.ts";

/** What keys look like. Each ends in bounded work on any text. */
const SECRETS: { what: string; pattern: RegExp }[] = [
  { what: "a private key", pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/ },
  { what: "a storage account's key", pattern: /AccountKey=[A-Za-z0-9+/=]{20,200}/ },
  { what: "an API key", pattern: /\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,200}/ },
  { what: "a shared access signature", pattern: /[?&]sig=[A-Za-z0-9%+/=]{30,200}/ },
  {
    what: "an access token of GitHub",
    pattern: /\b(?:ghp|gho|ghs|ghu)_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{60,200}/,
  },
  { what: "an access key of AWS", pattern: /\bAKIA[0-9A-Z]{16}\b/ },
  { what: "a key of a service", pattern: /\b(?:SharedAccessKey|InstrumentationKey)=[A-Za-z0-9+/=-]{30,200}/ },
];

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
