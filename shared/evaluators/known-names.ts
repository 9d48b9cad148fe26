import { OPERATIONAL_METRICS } from "./operational-metrics.ts";
import type { KnownNames } from "../flow/flow-context.ts";
import { readOptions } from "./read-options.ts";
import { needsDataset } from "./needs-dataset.ts";
import { EVALUATORS } from "./registry.ts";

/** What a `flow.yaml` may name: evaluators, with what they may be told, and the metrics measured without one. */
export function knownNames(): KnownNames {
  return {
    evaluators: Object.keys(EVALUATORS),
    metrics: Object.keys(OPERATIONAL_METRICS),
    needGroundTruth: Object.values(EVALUATORS)
      .filter(({ needs }) => needs.includes("ground_truth"))
      .map(({ name }) => name),
    needDataset: Object.values(EVALUATORS)
      .filter(needsDataset)
      .map(({ name }) => name),
    safety: Object.values(EVALUATORS)
      .filter(({ kind }) => kind === "safety")
      .map(({ name }) => name),
    lowerIsBetter: Object.values(EVALUATORS)
      .filter(({ direction }) => direction === "lower")
      .map(({ name }) => name),
    scales: Object.fromEntries(Object.values(EVALUATORS).map(({ name, scale }) => [name, scale])),
    readOptions,
  };
}
