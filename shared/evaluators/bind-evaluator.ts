import { judgePromptPath } from "../flow/judge-prompt-path.ts";
import { loadPrompt } from "../flow/load-prompt.ts";
import type { Prompty } from "../flow/prompty.ts";
import { contentHash, sha256 } from "../model/canonical.ts";
import type { EvaluatorReference, FlowFiles } from "../model/flow.ts";
import type { Evaluator } from "./evaluator.ts";
import { evaluatorNamed } from "./registry.ts";

/**
 * The evaluator of a flow: the registry's with the flow's name, threshold and options. Whether a row passes is
 * decided here and nowhere else. A judge of the flow's own knows its scale, and cannot judge (`bindEvaluators`).
 * Throws `NotFoundError` for an evaluator that does not exist.
 */
export function bindEvaluator(reference: EvaluatorReference): Evaluator {
  return bind(reference, undefined);
}

/**
 * As `bindEvaluator`, of evaluators that judge, with the prompts of the flow's own judges from the suite's files. What
 * they and the files they refer to hold is part of their revision. Throws `PermanentError` for a prompt that is missing.
 */
export function bindEvaluators(references: readonly EvaluatorReference[], files: FlowFiles): Evaluator[] {
  return references.map((reference) => {
    const path = judgePromptPath(reference);
    if (path === undefined) return bind(reference, undefined);
    const prompt = loadPrompt(path, files);
    const hashes = [path, ...prompt.references].map((file) => [file, sha256(files.get(file) ?? "")]);
    return bind(reference, { prompt, hash: contentHash(hashes) });
  });
}

function bind(
  { name, use, threshold, options = {} }: EvaluatorReference,
  own: { prompt: Prompty; hash: string } | undefined,
): Evaluator {
  const definition = evaluatorNamed(use);
  const { measure, options: _schema, factsFor, ...facts } = definition;
  const told = { ...facts, ...factsFor?.(options) };
  const limit = threshold ?? told.threshold;
  const passes = (value: number | null): boolean | undefined => {
    if (value === null) return undefined;
    return told.direction === "higher" ? value >= limit : value <= limit;
  };
  // Of what is measured, not of what passes: another threshold asks nothing anew.
  const parts = [
    ...(Object.keys(options).length > 0 ? [options] : []),
    ...(own === undefined ? [] : [own.hash]),
  ];
  return {
    ...told,
    name,
    use,
    passes,
    threshold: limit,
    revision:
      parts.length === 0 ? definition.revision : contentHash([definition.revision, ...parts]).slice(0, 12),
    async evaluate(input, tools) {
      const { value, reason } = await measure({ ...input, options, judgePrompt: own?.prompt }, tools);
      const found = value !== null && Number.isFinite(value) ? value : null;
      return { value: found, passed: passes(found), reason };
    },
  };
}
