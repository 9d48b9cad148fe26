import { bindEvaluator } from "../evaluators/bind-evaluator.ts";
import type { MetricSummary, RowAnswer, RowResult } from "../model/run.ts";
import type { SuiteManifest } from "../model/version.ts";
import { evaluatorsFor, measuredRows } from "./measured-rows.ts";
import { createSummariser } from "./summarise.ts";

/** Folds the answers of one version to a suite into one summary a metric, each over the rows it is measured on. */
export interface SuiteSummariser {
  /** Rows of one cluster follow one another. Counterfactual rows are part of no summary. */
  add(row: Pick<RowResult["row"], "as" | "cluster">, answer: RowAnswer): void;
  /** In the order of the suite's evaluators, the operational metrics last. */
  summaries(): MetricSummary[];
}

export function createSuiteSummariser(suite: SuiteManifest): SuiteSummariser {
  const evaluators = suite.definition.evaluators.map(bindEvaluator);
  const measured = measuredRows(suite);
  const kinds = (["quality", "safety"] as const).map((kind) => ({
    kind,
    summariser: createSummariser(
      evaluatorsFor(kind, evaluators, measured).map(({ name }) => name),
      { operational: measured.quality === kind },
    ),
  }));
  return {
    add({ as, cluster }, answer) {
      kinds.find(({ kind }) => kind === as)?.summariser.add(answer, cluster);
    },
    summaries() {
      const found = kinds.flatMap(({ summariser }) => summariser.summaries());
      const place = ({ metric }: MetricSummary): number => {
        const at = evaluators.findIndex(({ name }) => name === metric);
        return at < 0 ? evaluators.length : at;
      };
      return found.sort((a, b) => place(a) - place(b));
    },
  };
}
