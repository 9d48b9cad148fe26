import type { EvaluatorReference } from "../model/flow.ts";
import type { Findings } from "./diagnostics.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { DEFAULT_EVALUATORS, type FlowDocument } from "./flow-schema.ts";
import { suggestion } from "./nearest-name.ts";
import type { ParsedYaml } from "./parse-yaml.ts";

/** What may be said of an evaluator: reads options, or returns what is wrong with them, by their path. */
export type ReadOptions = (
  evaluator: string,
  options: Record<string, unknown>,
) => { options: Record<string, unknown> } | { problems: { path: PropertyKey[]; message: string }[] };

type Written = NonNullable<FlowDocument["evaluation"]["evaluators"]>;

/** The evaluators a flow lists: names, and names with a threshold, options and the evaluator they stand for. */
export function parseEvaluators(
  written: Written | undefined,
  known: { evaluators: readonly string[]; readOptions?: ReadOptions },
  yaml: ParsedYaml,
  findings: Findings,
): EvaluatorReference[] {
  if (written === undefined) {
    return DEFAULT_EVALUATORS.filter((name) => known.evaluators.includes(name)).map(plain);
  }
  const references: EvaluatorReference[] = [];
  for (const [index, entry] of written.entries()) {
    const at = ["evaluation", "evaluators", index];
    const listed = typeof entry === "string" ? { [entry]: undefined } : entry;
    for (const [name, told] of Object.entries(listed)) {
      const place = yaml.placeOf(
        told === undefined ? at : [...at, name],
        told === undefined ? "value" : "key",
      );
      const { use = name, threshold, ...options } = told ?? {};
      if (!known.evaluators.includes(use)) {
        const where = told?.use === undefined ? place : yaml.placeOf([...at, name, "use"]);
        const remedy = suggestion(use, known.evaluators, "evaluators");
        findings.error(FLOW_FILE, where, `There is no evaluator ${use}.`, remedy);
        continue;
      }
      if (references.some((reference) => reference.name === name)) {
        findings.warning(
          FLOW_FILE,
          place,
          `The evaluator ${name} is listed twice.`,
          "Remove one of the two.",
        );
        continue;
      }
      const read = known.readOptions?.(use, options) ?? { options };
      if ("problems" in read) {
        for (const { path, message } of read.problems) {
          findings.error(FLOW_FILE, yaml.placeOf([...at, name, ...path]), `${name}: ${message}`);
        }
        continue;
      }
      references.push({
        ...plain(name),
        use,
        ...(threshold === undefined ? {} : { threshold }),
        ...(Object.keys(read.options).length === 0 ? {} : { options: read.options }),
      });
    }
  }
  return references;
}

function plain(name: string): EvaluatorReference {
  return { name, use: name };
}
