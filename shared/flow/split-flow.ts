import type { FlowDefinition, FlowFiles } from "../model/flow.ts";
import type { SuiteManifest, VersionManifest } from "../model/version.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings } from "./diagnostics.ts";
import { filesAt } from "./flow-paths.ts";
import { LABELS_FILE } from "./label-schema.ts";
import { judgePromptPath } from "./judge-prompt-path.ts";
import { parsePrompty } from "./parse-prompty.ts";

/**
 * Divides a valid flow into what changes its answers (prompt, the files it refers to, knowledge) and what judges them
 * (datasets, labels, the prompts of its own judges). A file that nothing refers to is in neither: editing a README makes no new version.
 */
export function splitFlow(
  definition: FlowDefinition,
  files: FlowFiles,
): {
  version: { definition: VersionManifest["definition"]; files: Map<string, Uint8Array> };
  suite: { definition: SuiteManifest["definition"]; files: Map<string, Uint8Array> };
} {
  const { name, prompt, steps, evaluation, gate, judging, fairness } = definition;
  const answering = [
    ...promptFiles(prompt, files),
    ...steps.flatMap((step) => {
      if (step.kind === "prompt") return promptFiles(step.prompt, files);
      return step.kind === "search" ? [] : filesAt(step.source, files);
    }),
  ];
  const judgingFiles = [
    ...evaluation.datasets.flatMap(({ path }) => filesAt(path, files)),
    ...evaluation.evaluators.flatMap((evaluator) => {
      const path = judgePromptPath(evaluator);
      return path === undefined ? [] : promptFiles(path, files);
    }),
    LABELS_FILE,
  ];
  return {
    version: { definition: { name, prompt, steps }, files: pick(answering, files) },
    suite: {
      definition: { ...evaluation, gate, judging, fairness },
      files: pick(judgingFiles, files),
    },
  };
}

/** A prompt and the files it refers to. */
function promptFiles(path: string, files: FlowFiles): string[] {
  const text = decodeText(path, files.get(path) ?? new Uint8Array(), createFindings()) ?? "";
  return [path, ...(parsePrompty(path, text, files).prompt?.references ?? [])];
}

function pick(paths: string[], files: FlowFiles): Map<string, Uint8Array> {
  const picked = new Map<string, Uint8Array>();
  for (const path of [...new Set(paths)].sort()) {
    const bytes = files.get(path);
    if (bytes !== undefined) picked.set(path, bytes);
  }
  return picked;
}
