import type { Evaluator } from "../evaluators/evaluator.ts";
import type { DatasetReference } from "../model/flow.ts";
import type { RowKind, SuiteManifest } from "../model/version.ts";

type Kind = DatasetReference["as"];

/** Which rows of a suite a metric is measured on. */
export interface MeasuredRows {
  /** Of quality and operational metrics: the quality rows, or the safety rows where there are no others. */
  quality: Kind;
  /** Of metrics of kind `safety`: the safety rows where the suite has some. */
  safety: Kind;
}

export function measuredRows({ buckets }: Pick<SuiteManifest, "buckets">): MeasuredRows {
  const kinds = new Set(buckets.map(({ as }) => as));
  return {
    quality: kinds.has("quality") ? "quality" : "safety",
    safety: kinds.has("safety") ? "safety" : "quality",
  };
}

/** The evaluators that rows of a kind are measured by. */
export function evaluatorsFor(
  kind: RowKind,
  evaluators: readonly Evaluator[],
  measured: MeasuredRows,
): Evaluator[] {
  // Compared with quality rows, by what those are measured by.
  if (kind === "counterfactual") return evaluatorsFor("quality", evaluators, measured);
  return evaluators.filter((evaluator) =>
    evaluator.kind === "safety" ? measured.safety === kind : measured.quality === kind,
  );
}
