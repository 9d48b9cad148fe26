import path from "node:path";
import type { Findings } from "../../shared/flow/diagnostics.ts";
import { parseYaml } from "../../shared/flow/parse-yaml.ts";
import { readMapping, type DatasetPlan } from "./dataset-plan.ts";
import { isFields, textOf } from "./fields.ts";

/**
 * The dataset of a run's file: `data` and `column_mapping`. Undefined where it has none, as a run over another run's
 * outputs; `required` makes that an error.
 */
export function readRun(
  file: string,
  text: string,
  required: boolean,
  findings: Findings,
): DatasetPlan | undefined {
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
  const place = yaml.placeOf(["data"]);
  if (/^(azureml:|https?:)/i.test(data)) {
    findings.warning(
      file,
      place,
      `The data ${data} is not on this machine.`,
      "Copy it beside the run's file, and import again.",
    );
    return undefined;
  }
  const variant = textOf(run.variant);
  if (variant !== undefined) {
    const [, node, id] = /^\$\{\s*([^.}]+)\.([^}]+?)\s*\}$/.exec(variant.trim()) ?? [];
    const what = node === undefined ? variant : `the variant ${id} of ${node}`;
    findings.warning(
      file,
      yaml.placeOf(["variant"]),
      `The run was of ${what}; the default variant is what answers here.`,
      "Make it the default in flow.dag.yaml (default_variant_id) and import again, or compare the two.",
    );
  }
  return {
    path: path.posix.join(path.posix.dirname(file), data),
    name: path.posix.basename(data).replace(/\.\w+$/, ""),
    mapping: readMapping(run.column_mapping, (input) => yaml.placeOf(["column_mapping", input])),
    groundTruth: undefined,
    mentionedIn: file,
    place,
  };
}
