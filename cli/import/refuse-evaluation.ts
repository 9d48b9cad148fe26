import { EVALUATORS } from "../../shared/evaluators/registry.ts";
import type { Findings } from "../../shared/flow/diagnostics.ts";
import type { Dag } from "./dag.ts";
import { evaluatorsNamed } from "./known-evaluators.ts";

/** A flow that aggregates is one that evaluates others: named with what does the same here, and not imported. */
export function refuseEvaluation(dag: Dag, findings: Findings): boolean {
  const aggregating = dag.nodes.filter(({ aggregation }) => aggregation);
  const [first] = aggregating;
  if (first === undefined) return false;
  const known = evaluatorsNamed([dag.file, ...dag.nodes.map(({ name }) => name)]);
  const same =
    known.length === 0
      ? `Flowgate's evaluators are ${Object.keys(EVALUATORS).join(", ")}.`
      : `Flowgate has ${known.join(", ")}.`;
  findings.error(
    dag.file,
    first.place,
    `This is an evaluation flow: ${aggregating.map(({ name }) => name).join(", ")} aggregates over all rows. It is not carried over.`,
    `${same} Name them under evaluation.evaluators of the flow that is judged. If this flow also answers, take the aggregating nodes out and import it again.`,
  );
  return true;
}
