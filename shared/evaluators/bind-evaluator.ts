import { contentHash } from "../model/canonical.ts";
import type { EvaluatorReference } from "../model/flow.ts";
import type { Evaluator, EvaluatorDefinition } from "./evaluator.ts";
import { evaluatorNamed } from "./registry.ts";

/**
 * The evaluator of a flow: the registry's with the flow's name, threshold and options. Whether a row passes is
 * decided here and nowhere else. Throws `NotFoundError` for an evaluator that does not exist.
 */
export function bindEvaluator({ name, use, threshold, options }: EvaluatorReference): Evaluator {
  const definition = evaluatorNamed(use);
  const { measure, options: _schema, ...facts } = definition;
  const limit = threshold ?? definition.threshold;
  const passes = (value: number | null): boolean | undefined => {
    if (value === null) return undefined;
    return definition.direction === "higher" ? value >= limit : value <= limit;
  };
  return {
    ...facts,
    name,
    use,
    passes,
    threshold: limit,
    revision: revisionOf(definition, options),
    async evaluate(input, tools) {
      const { value, reason } = await measure({ ...input, options: options ?? {} }, tools);
      const found = value !== null && Number.isFinite(value) ? value : null;
      return { value: found, passed: passes(found), reason };
    },
  };
}

/** Of what is measured, not of what passes: another threshold asks nothing anew. */
function revisionOf(definition: EvaluatorDefinition, options: EvaluatorReference["options"]): string {
  if (options === undefined || Object.keys(options).length === 0) return definition.revision;
  return contentHash([definition.revision, options]).slice(0, 12);
}
