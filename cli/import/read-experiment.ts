import path from "node:path";
import type { Findings, Place } from "../../shared/flow/diagnostics.ts";
import { parseYaml } from "../../shared/flow/parse-yaml.ts";
import { groundTruthColumn, readMapping, type DatasetPlan } from "./dataset-plan.ts";
import { entriesOf, isFields, textOf, type Fields } from "./fields.ts";

/** An `experiment.yaml` of the LLMOps template: which flow, on which rows, judged by what. */
export interface Experiment {
  name: string | undefined;
  /** The flow's folder, relative to the experiment's. */
  flow: string;
  flowPlace: Place;
  datasets: DatasetPlan[];
  evaluators: { name: string; flow: string | undefined; place: Place }[];
}

/**
 * The expected answers come from the evaluators' datasets, which say which column they compare with. What an overlay
 * leaves out is that of `base`; the name and the flow always are.
 */
export function readExperiment(
  file: string,
  text: string,
  findings: Findings,
  base?: Experiment,
): Experiment | undefined {
  const yaml = parseYaml(file, text, findings);
  if (yaml === undefined) return undefined;
  const { placeOf } = yaml;
  if (!isFields(yaml.value)) {
    findings.error(
      file,
      placeOf([]),
      "This is no experiment.",
      "It has name, flow, datasets and evaluators.",
    );
    return undefined;
  }
  const document = yaml.value;
  const name = base === undefined ? textOf(document.name) : base.name;
  const flow = textOf(document.flow) ?? (name === undefined ? undefined : `flows/${name}`);
  if (flow === undefined && base === undefined) {
    findings.error(
      file,
      placeOf(["flow"]),
      "The experiment names no flow.",
      "Write flow: flows/<its folder>.",
    );
    return undefined;
  }
  const folder = path.posix.dirname(file);
  const fileAt = (source: string): string => path.posix.join(folder, source);
  const evaluators = listOf(document.evaluators);
  const datasets = listOf(document.datasets).flatMap(({ fields, index }): DatasetPlan[] => {
    const source = textOf(fields.source);
    const place = placeOf(["datasets", index, "source"]);
    if (source === undefined || /^(azureml:|https?:)/i.test(source)) {
      const message =
        source === undefined ? "A dataset without source." : `The data ${source} is not on this machine.`;
      findings.warning(
        file,
        place,
        message,
        "Copy it into the folder, name it under source, and import again.",
      );
      return [];
    }
    const called = textOf(fields.name);
    return [
      {
        path: fileAt(source),
        name: called ?? path.posix.basename(source).replace(/\.\w+$/, ""),
        mapping: readMapping(fields.mappings, (input) => placeOf(["datasets", index, "mappings", input])),
        groundTruth: expectedOf(called),
        mentionedIn: file,
        place,
      },
    ];
  });

  function expectedOf(dataset: string | undefined): DatasetPlan["groundTruth"] {
    for (const { fields, index } of evaluators) {
      for (const inner of listOf(fields.datasets)) {
        const source = textOf(inner.fields.source);
        if (source === undefined || textOf(inner.fields.reference) !== dataset) continue;
        const at = ["evaluators", index, "datasets", inner.index];
        const mapping = readMapping(inner.fields.mappings, (key) => placeOf([...at, "mappings", key]));
        const key = groundTruthColumn([...mapping.keys()]);
        const column = key === undefined ? undefined : mapping.get(key);
        if (column?.kind === "column") {
          return { path: fileAt(source), column: column.column, place: column.place };
        }
      }
    }
    return undefined;
  }

  return {
    name,
    flow: base?.flow ?? fileAt(flow ?? ""),
    flowPlace: base?.flowPlace ?? placeOf(["flow"]),
    datasets: document.datasets === undefined && base !== undefined ? base.datasets : datasets,
    evaluators:
      document.evaluators === undefined && base !== undefined
        ? base.evaluators
        : evaluators.map(({ fields, index }) => ({
            name: textOf(fields.name) ?? "",
            flow: textOf(fields.flow) === undefined ? undefined : fileAt(textOf(fields.flow) ?? ""),
            place: placeOf(["evaluators", index]),
          })),
  };
}

function listOf(value: unknown): { fields: Fields; index: number }[] {
  // The template's examples have entries with a name alone, which are none.
  return (Array.isArray(value) ? value : []).flatMap((entry: unknown, index) =>
    isFields(entry) && entriesOf(entry).length > 0 ? [{ fields: entry, index }] : [],
  );
}
