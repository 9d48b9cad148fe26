import path from "node:path";
import type { Findings } from "../../shared/flow/diagnostics.ts";
import { parseYaml, type ParsedYaml } from "../../shared/flow/parse-yaml.ts";
import type { ChosenVariant } from "./dag.ts";
import { readMapping, type DatasetPlan } from "./dataset-plan.ts";
import { isFields, textOf, type Fields } from "./fields.ts";

/** What a run's file says of the flow. */
export interface Run {
  /** `data` and `column_mapping`. Undefined: the data is elsewhere. */
  plan: DatasetPlan | undefined;
  /** `variant: ${node.id}`; undefined: the default of every node. */
  variant: ChosenVariant | undefined;
}

/**
 * The dataset and the variant of a run's file. Undefined where it has no data of its own, as a run over another run's
 * outputs; `required` makes that an error.
 */
export function readRun(file: string, text: string, required: boolean, findings: Findings): Run | undefined {
  const yaml = parseYaml(file, text, findings);
  if (yaml === undefined) return undefined;
  const run = isFields(yaml.value) ? yaml.value : {};
  const data = textOf(run.data);
  if (data === undefined || run.run !== undefined) {
    if (required) {
      const message = "This run names no data of its own.";
      findings.error(
        file,
        yaml.placeOf([]),
        message,
        "Name the run of the flow itself, which has data and column_mapping.",
      );
    }
    return undefined;
  }
  const variant = variantOf(file, run, yaml, findings);
  const place = yaml.placeOf(["data"]);
  if (/^(azureml:|https?:)/i.test(data)) {
    findings.warning(
      file,
      place,
      `The data ${data} is not on this machine.`,
      "Copy it beside the run's file, and import again.",
    );
    return { plan: undefined, variant };
  }
  const plan: DatasetPlan = {
    path: path.posix.join(path.posix.dirname(file), data),
    name: path.posix.basename(data).replace(/\.\w+$/, ""),
    mapping: readMapping(run.column_mapping, (input) => yaml.placeOf(["column_mapping", input])),
    groundTruth: undefined,
    mentionedIn: file,
    place,
  };
  return { plan, variant };
}

function variantOf(
  file: string,
  run: Fields,
  yaml: ParsedYaml,
  findings: Findings,
): ChosenVariant | undefined {
  if (run.variant === undefined || run.variant === null) return undefined;
  const place = yaml.placeOf(["variant"]);
  const [, node, id] = /^\$\{\s*([^.}]+)\.([^}]+?)\s*\}$/.exec(textOf(run.variant)?.trim() ?? "") ?? [];
  if (node !== undefined && id !== undefined) return { node, id, file, place };
  findings.error(file, place, "This names no variant.", "Write it as ${node.variant}, or leave it out.");
  return undefined;
}
