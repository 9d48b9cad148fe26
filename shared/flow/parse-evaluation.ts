import type { Budget } from "../model/budget.ts";
import type { Counterfactual, DatasetReference } from "../model/flow.ts";
import type { Place } from "./diagnostics.ts";
import { checkedPath, type FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { normalPath } from "./flow-paths.ts";
import { datasetSchema, flowSchema } from "./flow-schema.ts";
import { parseBudget } from "./parse-budget.ts";
import { parseCounterfactuals } from "./parse-counterfactuals.ts";
import { parseEvaluators, type ReadEvaluator } from "./parse-evaluators.ts";
import { isFields } from "./prompty-property.ts";
import { wellFormedFields } from "./well-formed-fields.ts";

const extentSchema = flowSchema.shape.evaluation.pick({
  trials: true,
  scope: true,
  cluster: true,
  budget: true,
});

/** What could be read of `evaluation`. */
export interface ReadEvaluation {
  /** Each with the place that names it. */
  datasets: (DatasetReference & { place: Place })[];
  /** Whether these are all. */
  allDatasets: boolean;
  /** Undefined where they cannot be read. */
  evaluators: ReadEvaluator[] | undefined;
  trials: number;
  scope: "dataset" | "population";
  cluster: string | undefined;
  budget: Budget | undefined;
  counterfactuals: Counterfactual[];
}

/** Reads `evaluation` as it is written. What is of another form than its schema asks for has been reported. */
export function parseEvaluation(written: unknown, context: FlowContext): ReadEvaluation {
  const fields = isFields(written) ? written : {};
  const extent = wellFormedFields(extentSchema, fields)?.fields ?? {};
  const { trials = 1, scope = "dataset", cluster, budget } = extent;
  const evaluators = isFields(written) ? parseEvaluators(fields.evaluators, context) : undefined;
  const spending = budget && parseBudget(budget);
  return {
    ...datasetsOf(fields.datasets, context),
    evaluators,
    trials,
    scope,
    cluster,
    budget: spending,
    counterfactuals: parseCounterfactuals(fields.counterfactuals, context),
  };
}

function datasetsOf(
  written: unknown,
  context: FlowContext,
): Pick<ReadEvaluation, "datasets" | "allDatasets"> {
  const { yaml, findings } = context;
  const listed: unknown[] = Array.isArray(written) ? written : [written];
  const entries = listed.map((entry, index) => {
    const at: PropertyKey[] = ["evaluation", "datasets", ...(Array.isArray(written) ? [index] : [])];
    if (typeof entry === "string") return { path: entry, as: undefined, at };
    const { path, as } = wellFormedFields(datasetSchema, entry)?.fields ?? {};
    return { path, as, at: [...at, "path"] };
  });
  const named = new Set(entries.flatMap(({ path }) => (path === undefined ? [] : [normalPath(path)])));
  const seen = new Set<string>();
  let allDatasets = true;
  const datasets = entries.flatMap(({ path: asWritten, as = "quality", at }) => {
    const path = asWritten ? checkedPath(asWritten, at, context) : undefined;
    const isMeant = path !== undefined && asWritten !== undefined && normalPath(asWritten) !== path;
    if (path === undefined || (isMeant && named.has(path))) {
      allDatasets = false;
      return [];
    }
    const place = yaml.placeOf(at);
    if (seen.has(path)) {
      findings.error(FLOW_FILE, place, `The dataset ${path} is listed twice.`, "Remove one of the two.");
      return [];
    }
    seen.add(path);
    return [{ path, as, place }];
  });
  return { datasets, allDatasets };
}
