import type { FlowFiles } from "../model/flow.ts";
import { decodeText } from "./decode-text.ts";
import type { Findings, Place } from "./diagnostics.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { missingPathRemedy } from "./flow-paths.ts";
import { parsePrompty } from "./parse-prompty.ts";
import type { PromptyDraft } from "./prompty.ts";

/** The prompt at a path that `flow.yaml` names at `place`, as far as it can be read. */
export function readPrompt(
  path: string,
  place: Place,
  files: FlowFiles,
  findings: Findings,
): PromptyDraft | undefined {
  const bytes = files.get(path);
  if (bytes === undefined) {
    findings.error(FLOW_FILE, place, `There is no file ${path}.`, missingPathRemedy(path, files));
    return undefined;
  }
  const text = decodeText(path, bytes, findings);
  if (text === undefined) return undefined;
  const { draft, diagnostics } = parsePrompty(path, text, files);
  findings.list.push(...diagnostics);
  return draft;
}
