import type { EvaluatorDefinition, EvaluatorName, Measurement } from "../evaluator.ts";
import { unscorable } from "../unscorable.ts";

export interface TextOverlapOptions {
  name: EvaluatorName;
  help: string;
  source: string;
  /** Raised whenever the same texts could get another score. */
  revision: string;
  options?: NonNullable<EvaluatorDefinition["options"]>;
  /** From 0 (nothing shared) to 1; null where there is nothing to compare with. */
  compare(answer: string, expected: string, options: Record<string, unknown>): Measurement;
}

/** An evaluator that compares the answer with the row's `ground_truth`, without a model. Passes from 0.5 on. */
export function textOverlap({ compare, ...facts }: TextOverlapOptions): EvaluatorDefinition {
  const needs = ["answer", "ground_truth"] as const;
  return {
    ...facts,
    kind: "text-overlap",
    scale: { min: 0, max: 1 },
    direction: "higher",
    threshold: 0.5,
    needs: [...needs],
    async measure(input) {
      const why = unscorable([...needs], input);
      return why === undefined
        ? compare(input.answer, input.groundTruth ?? "", input.options)
        : { value: null, reason: why };
    },
  };
}
