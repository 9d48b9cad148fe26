import type { FlowFiles } from "../model/flow.ts";
import { decodeText } from "./decode-text.ts";
import type { Findings } from "./diagnostics.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { normalPath } from "./flow-paths.ts";
import { nearestName } from "./nearest-name.ts";
import { parsePrompty } from "./parse-prompty.ts";
import { recordsAt } from "./records.ts";

/**
 * Checks the files whose paths stand in a `flow.yaml` that cannot be read, each by itself, so that their problems do
 * not wait for those of `flow.yaml`. Where there is none, the file that seems to be meant is taken for it.
 */
export function checkMentioned(files: FlowFiles, findings: Findings): void {
  const flow = files.get(FLOW_FILE) ?? files.get(nearestName(FLOW_FILE, files.keys()) ?? "");
  const words = new TextDecoder().decode(flow).split(/[\s"'[\]{},]+/);
  for (const file of new Set(words.map(normalPath))) {
    if (!files.has(file)) continue;
    if (file.endsWith(".prompty")) {
      const text = decodeText(file, files.get(file) ?? new Uint8Array(), findings);
      if (text !== undefined) findings.list.push(...parsePrompty(file, text, files).diagnostics);
    } else if (/\.(jsonl|ndjson|json|csv)$/i.test(file)) {
      checkRecords(file, files, findings);
    }
  }
}

/** Reads to the end for what is found on the way. */
function checkRecords(file: string, files: FlowFiles, findings: Findings): void {
  const records = recordsAt(file, files, findings);
  while (records.next().done !== true);
}
