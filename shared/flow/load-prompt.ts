import { PermanentError } from "../errors.ts";
import type { FlowFiles } from "../model/flow.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings, hasErrors } from "./diagnostics.ts";
import { parsePrompty } from "./parse-prompty.ts";
import type { Prompty } from "./prompty.ts";
import { templateOf } from "./render-messages.ts";

/** The prompt of a snapshot, ready to render. Throws `PermanentError` for one that `validateFlow` would have refused. */
export function loadPrompt(path: string, files: FlowFiles): Prompty {
  const bytes = files.get(path);
  if (bytes === undefined) throw new PermanentError(`The version has no file ${path}.`);
  const findings = createFindings();
  const text = decodeText(path, bytes, findings) ?? "";
  const { prompt, diagnostics } = parsePrompty(path, text, files);
  const problem = [...findings.list, ...diagnostics].find(({ severity }) => severity === "error");
  if (prompt === undefined || hasErrors(findings.list)) {
    throw new PermanentError(`${problem?.file}:${problem?.line}: ${problem?.message}`);
  }
  // Parsed here, so that the first question does not wait for it.
  templateOf(prompt);
  return prompt;
}
