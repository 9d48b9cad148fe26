import { decodeText } from "./decode-text.ts";
import type { Place } from "./diagnostics.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { missingPathRemedy } from "./flow-paths.ts";
import type { CheckContext } from "./meant-file.ts";
import { parsePrompty } from "./parse-prompty.ts";
import type { PromptyDraft } from "./prompty.ts";

/**
 * The prompt at a path that `flow.yaml` names at `place`, as far as it can be read; of one that is not there, the one
 * that seems to be meant.
 */
export function readPrompt(
  path: string,
  place: Place,
  { files, findings, meantFile }: CheckContext,
): PromptyDraft | undefined {
  const found = files.has(path) ? path : meantFile(path);
  if (found !== path) {
    findings.error(FLOW_FILE, place, `There is no file ${path}.`, missingPathRemedy(path, files));
  }
  const bytes = found === undefined ? undefined : files.get(found);
  if (found === undefined || bytes === undefined) return undefined;
  const text = decodeText(found, bytes, findings);
  if (text === undefined) return undefined;
  const { draft, diagnostics } = parsePrompty(found, text, files);
  findings.list.push(...diagnostics);
  return draft;
}
