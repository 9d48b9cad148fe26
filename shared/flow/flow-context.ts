import type { FlowFiles } from "../model/flow.ts";
import type { Findings } from "./diagnostics.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { nearPath, normalPath, PATH_REMEDY, pathProblem } from "./flow-paths.ts";
import type { ParsedYaml } from "./parse-yaml.ts";

/** What may be said of an evaluator: reads options, or returns what is wrong with them, by their path. */
export type ReadOptions = (
  evaluator: string,
  options: Record<string, unknown>,
) => { options: Record<string, unknown> } | { problems: { path: PropertyKey[]; message: string }[] };

/** The names a flow may use. Metrics are the operational ones: latency, cost, errors, ... */
export interface KnownNames {
  evaluators: readonly string[];
  metrics: readonly string[];
  /** Evaluators that compare with a row's ground truth. */
  needGroundTruth?: readonly string[];
  /** Evaluators that compare with what only a dataset has: an expected answer, relevant documents, a baseline. */
  needDataset?: readonly string[];
  /** Evaluators of harm, which safety rows are measured by. */
  safety?: readonly string[];
  /** Evaluators of which less is better. */
  lowerIsBetter?: readonly string[];
  /** The evaluators' scales; undefined where they are not known. */
  scales?: Readonly<Record<string, { min: number; max: number }>>;
  /** Undefined: options are taken as they are written. */
  readOptions?: ReadOptions;
  /** Whether a content safety service is connected; undefined where that is not known. */
  contentSafety?: boolean;
  /** The connections of the settings; undefined where they are not known, as on a developer's machine. */
  connections?: readonly string[];
}

/** What the parts of `flow.yaml` are read with. */
export interface FlowContext {
  yaml: ParsedYaml;
  findings: Findings;
  known: KnownNames;
  files: FlowFiles;
}

/**
 * A path that `flow.yaml` names, in its normal form. For one that leaves the folder, with an error, that of the file in
 * it that seems to be meant, if any.
 */
export function checkedPath(
  written: string,
  at: PropertyKey[],
  { yaml, findings, files }: Pick<FlowContext, "yaml" | "findings" | "files">,
): string | undefined {
  const problem = pathProblem(written);
  if (problem === undefined) return normalPath(written);
  findings.error(FLOW_FILE, yaml.placeOf(at), problem, PATH_REMEDY);
  return nearPath(written, files);
}
