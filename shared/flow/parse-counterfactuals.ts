import type { Counterfactual } from "../model/flow.ts";
import { counterfactualSchema } from "./fairness-schema.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { wellFormedFields } from "./well-formed-fields.ts";

/** Reads `evaluation.counterfactuals` as it is written. What is of another form than the schema has been reported. */
export function parseCounterfactuals(written: unknown, { yaml, findings }: FlowContext): Counterfactual[] {
  const listed: unknown[] = Array.isArray(written) ? written : [];
  const taken = new Set<string>();
  return listed.flatMap((entry, index) => {
    const at = ["evaluation", "counterfactuals", index];
    const { name, field, swap } = wellFormedFields(counterfactualSchema, entry)?.fields ?? {};
    if (name === undefined || swap === undefined) return [];
    if (taken.has(name)) {
      const message = `The counterfactual ${name} is declared twice.`;
      findings.error(FLOW_FILE, yaml.placeOf([...at, "name"]), message, "Give each a name of its own.");
      return [];
    }
    taken.add(name);
    const sides = new Map<string, string>();
    for (const [pair, words] of swap.entries()) {
      for (const word of words) {
        const known = sides.get(word.toLowerCase());
        if (known === undefined) sides.set(word.toLowerCase(), words.join(", "));
        else {
          const message = `${name}: "${word}" stands in two pairs; what it becomes is what [${known}] says.`;
          const remedy = "Say it in one pair where only that is meant.";
          findings.warning(FLOW_FILE, yaml.placeOf([...at, "swap", pair]), message, remedy);
        }
      }
    }
    return [{ name, fields: typeof field === "string" ? [field] : field, swap }];
  });
}
