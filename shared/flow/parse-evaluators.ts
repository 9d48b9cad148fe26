import type { EvaluatorReference } from "../model/flow.ts";
import type { FlowContext } from "./flow-context.ts";
import { isUnnamed } from "./evaluator-schema.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { DEFAULT_EVALUATORS } from "./flow-schema.ts";
import { nearestName, suggestion } from "./nearest-name.ts";
import { isFields } from "./prompty-property.ts";

/** An evaluator, or the one that is meant, with the path to it in `flow.yaml`. */
export interface ReadEvaluator extends EvaluatorReference {
  at: PropertyKey[];
}

const OWN_FORM =
  "Write it as in - f1_score: { threshold: 0.7 }, or - tone: { use: judge, prompt: judges/tone.prompty }.";

/**
 * The evaluators a flow lists: names, and names with a threshold, options and the evaluator they stand for. Undefined
 * where they are no list. What is of another form than the schema asks for has been reported.
 */
export function parseEvaluators(
  written: unknown,
  { yaml, findings, known }: FlowContext,
): ReadEvaluator[] | undefined {
  const path = ["evaluation", "evaluators"];
  if (written === undefined) {
    const used = DEFAULT_EVALUATORS.filter((name) => known.evaluators.includes(name));
    return used.map((name) => ({ ...plain(name), at: path }));
  }
  if (!Array.isArray(written)) return undefined;
  const references: ReadEvaluator[] = [];
  for (const [index, entry] of written.entries()) {
    const at = [...path, index];
    if (isUnnamed(entry)) {
      findings.error(FLOW_FILE, yaml.placeOf(at), "An evaluator stands under its name.", OWN_FORM);
      continue;
    }
    const listed = typeof entry === "string" ? { [entry]: undefined } : isFields(entry) ? entry : {};
    for (const [name, told] of Object.entries(listed)) {
      const { use: writtenUse, threshold, ...options } = isFields(told) ? told : {};
      const where = told === undefined ? at : [...at, name];
      const place = yaml.placeOf(where, told === undefined ? "value" : "key");
      const use = typeof writtenUse === "string" ? writtenUse : name;
      const isKnown = known.evaluators.includes(use);
      // One that is misspelt is taken for the one that is meant, so that the gate's own names are held against it.
      const meant = isKnown ? use : nearestName(use, known.evaluators);
      if (!isKnown) {
        const remedy = suggestion(use, known.evaluators, "evaluators");
        const said = typeof writtenUse === "string" ? yaml.placeOf([...where, "use"]) : place;
        findings.error(FLOW_FILE, said, `There is no evaluator ${use}.`, remedy);
      }
      const called = typeof writtenUse === "string" ? name : meant;
      if (called === undefined) continue;
      if (references.some((reference) => reference.name === called)) {
        const message = `The evaluator ${called} is listed twice.`;
        findings.warning(FLOW_FILE, place, message, "Remove one of the two.");
        continue;
      }
      const read = isKnown ? (known.readOptions?.(use, options) ?? { options }) : { options };
      for (const { path: part, message } of "problems" in read ? read.problems : []) {
        findings.error(FLOW_FILE, yaml.placeOf([...where, ...part]), `${name}: ${message}`);
      }
      const taken = "options" in read && Object.keys(read.options).length > 0 ? read.options : undefined;
      references.push({
        name: called,
        use: meant ?? use,
        ...(typeof threshold === "number" ? { threshold } : {}),
        ...(taken === undefined ? {} : { options: taken }),
        at: where,
      });
    }
  }
  return references;
}

function plain(name: string): EvaluatorReference {
  return { name, use: name };
}
