import type { Budget } from "../model/budget.ts";
import type { DatasetReference } from "../model/flow.ts";
import type { Place } from "./diagnostics.ts";
import { checkedPath, type FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { datasetSchema, flowSchema } from "./flow-schema.ts";
import { parseBudget } from "./parse-budget.ts";
import { parseEvaluators, type ReadEvaluator } from "./parse-evaluators.ts";
import { isFields } from "./prompty-property.ts";
import { wellFormedFields } from "./well-formed-fields.ts";

const extentSchema = flowSchema.shape.evaluation.pick({ trials: true, cluster: true, budget: true });

/** What could be read of `evaluation`. */
export interface ReadEvaluation {
  /** Each with the place that names it. */
  datasets: (DatasetReference & { place: Place })[];
  /** Whether these are all. */
  allDatasets: boolean;
  /** Undefined where they cannot be read. */
  evaluators: ReadEvaluator[] | undefined;
  trials: number;
  cluster: string | undefined;
  budget: Budget | undefined;
}

/** Reads `evaluation` as it is written. What is of another form than its schema asks for has been reported. */
export function parseEvaluation(written: unknown, context: FlowContext): ReadEvaluation {
  const fields = isFields(written) ? written : {};
  const { trials = 1, cluster, budget } = wellFormedFields(extentSchema, fields)?.fields ?? {};
  const evaluators = isFields(written) ? parseEvaluators(fields.evaluators, context) : undefined;
  const spending = budget && parseBudget(budget);
  return { ...datasetsOf(fields.datasets, context), evaluators, trials, cluster, budget: spending };
}

function datasetsOf(
  written: unknown,
  context: FlowContext,
): Pick<ReadEvaluation, "datasets" | "allDatasets"> {
  const { yaml, findings } = context;
  const listed: unknown[] = Array.isArray(written) ? written : [written];
  const seen = new Set<string>();
  let allDatasets = true;
  const datasets = listed.flatMap((entry, index) => {
    const at: PropertyKey[] = ["evaluation", "datasets", ...(Array.isArray(written) ? [index] : [])];
    const named =
      typeof entry === "string" ? { path: entry } : wellFormedFields(datasetSchema, entry)?.fields;
    const where = typeof entry === "string" ? at : [...at, "path"];
    const path = named?.path ? checkedPath(named.path, where, context) : undefined;
    if (path === undefined) {
      allDatasets = false;
      return [];
    }
    const place = yaml.placeOf(where);
    if (seen.has(path)) {
      findings.error(FLOW_FILE, place, `The dataset ${path} is listed twice.`, "Remove one of the two.");
      return [];
    }
    seen.add(path);
    return [{ path, as: named?.as ?? ("quality" as const), place }];
  });
  return { datasets, allDatasets };
}
