import type { FlowDefinition, FlowFiles, LargeFile } from "../model/flow.ts";
import type { SuiteManifest, VersionManifest } from "../model/version.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings } from "./diagnostics.ts";
import { filesWithLarge } from "./files-with-large.ts";
import { filesAt } from "./flow-paths.ts";
import { LABELS_FILE } from "./label-schema.ts";
import { judgePromptPath } from "./judge-prompt-path.ts";
import { parsePrompty } from "./parse-prompty.ts";

/**
 * Divides a valid flow into what changes its answers (prompt, the files it refers to, knowledge, guardrails) and what judges them
 * (datasets, labels, the prompts of its own judges). A file that nothing refers to is in neither: editing a README makes no new version.
 */
export function splitFlow(
  definition: FlowDefinition,
  files: FlowFiles,
): {
  version: { definition: VersionManifest["definition"]; files: FlowFiles };
  suite: { definition: SuiteManifest["definition"]; files: FlowFiles };
} {
  const { name, prompt, steps, guardrails, evaluation, gate, judging, fairness, about } = definition;
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
    version: {
      // Named only where there are some, so that versions without keep their names.
      definition: { name, prompt, steps, ...(guardrails && { guardrails }) },
      files: pick(answering, files),
    },
    suite: {
      // What it is meant for belongs to what it is judged by: once changed, production is certified anew, at no cost as
      // every answer and score is recorded, and the ledger says under which words.
      definition: { ...evaluation, gate, judging, fairness, ...(about && { about }) },
      files: pick(judgingFiles, files),
    },
  };
}

/** A prompt and the files it refers to. */
function promptFiles(path: string, files: FlowFiles): string[] {
  const text = decodeText(path, files.get(path) ?? new Uint8Array(), createFindings()) ?? "";
  return [path, ...(parsePrompty(path, text, files).prompt?.references ?? [])];
}

function pick(paths: string[], files: FlowFiles): FlowFiles {
  const held = new Map<string, Uint8Array>();
  const large = new Map<string, LargeFile>();
  for (const path of [...new Set(paths)].sort()) {
    const file = files.large?.(path);
    const bytes = file ? undefined : files.get(path);
    if (file) large.set(path, file);
    else if (bytes) held.set(path, bytes);
  }
  return filesWithLarge(held, large);
}
