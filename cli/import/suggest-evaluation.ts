import { EVALUATORS } from "../../shared/evaluators/registry.ts";
import type { EvaluatorName } from "../../shared/evaluators/evaluator.ts";
import type { ImportedDataset } from "./convert-dataset.ts";

/** By what a flow is judged, and what its gate asks. */
export interface SuggestedEvaluation {
  evaluators: EvaluatorName[];
  gate: Record<string, Record<string, string>>;
}

/** Answers that are all this short are labels: they are right or wrong, and have no style. */
const LABEL_WORDS = 3;

/**
 * Evaluators that can score these rows: those that compare only where every row has an expected answer, groundedness
 * only where steps find something. `wanted` were named by what is imported; those that cannot be had are in `refused`.
 */
export function suggestEvaluation(
  datasets: readonly ImportedDataset[],
  hasContext: boolean,
  wanted: readonly EvaluatorName[],
): SuggestedEvaluation & { refused: { name: EvaluatorName; reason: string }[] } {
  const rows = datasets.flatMap((dataset) => dataset.rows);
  const hasTruth =
    rows.length > 0 && datasets.every((dataset) => dataset.withGroundTruth === dataset.rows.length);
  const labels =
    hasTruth && rows.every(({ ground_truth: truth }) => String(truth).split(/\s+/).length <= LABEL_WORDS);
  const own: EvaluatorName[] = labels
    ? ["exact_match", "f1_score"]
    : ["relevance", "coherence", "fluency", ...(hasContext ? (["groundedness"] as const) : [])];
  if (hasTruth && !labels) own.push("similarity", "f1_score");
  const refused: { name: EvaluatorName; reason: string }[] = [];
  for (const name of wanted) {
    const { needs } = EVALUATORS[name];
    if (needs.includes("ground_truth") && !hasTruth) {
      refused.push({ name, reason: "not every row has a ground_truth" });
    } else if (needs.includes("context") && !hasContext) {
      refused.push({ name, reason: "no step finds what the answers should be grounded in" });
    } else if (!own.includes(name)) {
      own.push(name);
    }
  }
  const known = Object.keys(EVALUATORS) as EvaluatorName[];
  const evaluators = known.filter((name) => own.includes(name));
  return {
    evaluators,
    gate: Object.fromEntries(evaluators.map((name) => [name, lenientRequirement(name)])),
    refused,
  };
}

/** Low enough that a flow which works passes; the first report says how much higher it can be. */
function lenientRequirement(name: EvaluatorName): Record<string, string> {
  const { scale, direction } = EVALUATORS[name];
  if (name === "exact_match") return { passRate: ">= 0.5" };
  if (direction === "lower") return { passRate: ">= 0.9" };
  return { mean: `>= ${scale.max === 5 ? 3 : 0.2}` };
}
