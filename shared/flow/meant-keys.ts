import type { Findings } from "./diagnostics.ts";
import { counterfactualSchema, fairnessEntrySchema, judgingSchema } from "./fairness-schema.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { datasetSchema, flowSchema, requirementSchema } from "./flow-schema.ts";
import { guardrailsSchema } from "./guardrails-schema.ts";
import { nearestName, suggestion } from "./nearest-name.ts";
import { monitoringSchema } from "./monitoring-schema.ts";
import { budgetSchema } from "./parse-budget.ts";
import type { ParsedYaml } from "./parse-yaml.ts";
import { isFields } from "./prompty-property.ts";
import { rolloutSchema, shadowSchema } from "./rollout-schema.ts";
import { listedStepSchema, searchSchema, stepSchema } from "./step-schema.ts";
import { unknownAxis, variantsSchema } from "./variants-schema.ts";

/** Longer names, and more than this many in one place, are not compared for likeness. */
const LONGEST_NAME = 64;
const MOST_NAMES = 100;
/** A key that differs in more than this share of its letters may have been meant otherwise. */
const MISSPELT = 0.25;

/** The keys that a part of `flow.yaml` knows, and those of its parts. */
interface Keys {
  known?: readonly string[];
  unknown?: (key: string) => string;
  parts?: Record<string, Keys>;
  /** Those of its other parts where its own keys are names. */
  each?: Keys;
  /** Those of its items where it is a list. */
  items?: Keys;
}

const RETRIEVE: Keys = { known: Object.keys(searchSchema.shape) };
const STEP: Keys = { known: Object.keys(stepSchema.shape), parts: { retrieve: RETRIEVE } };
const LISTED_STEP: Keys = { ...STEP, known: Object.keys(listedStepSchema.shape) };
const DATASET: Keys = { known: Object.keys(datasetSchema.shape) };
const FAIRNESS: Keys = { known: Object.keys(fairnessEntrySchema.shape) };
const FLOW: Keys = {
  known: Object.keys(flowSchema.shape),
  parts: {
    steps: { each: STEP, items: LISTED_STEP },
    guardrails: { known: Object.keys(guardrailsSchema.shape) },
    variants: { known: Object.keys(variantsSchema.shape), unknown: unknownAxis },
    evaluation: {
      known: Object.keys(flowSchema.shape.evaluation.shape),
      parts: {
        datasets: { ...DATASET, items: DATASET },
        budget: { known: Object.keys(budgetSchema.shape) },
        counterfactuals: { items: { known: Object.keys(counterfactualSchema.shape) } },
      },
    },
    rollout: {
      known: Object.keys(rolloutSchema.shape),
      parts: { shadow: { known: Object.keys(shadowSchema.shape) } },
    },
    monitoring: {
      known: Object.keys(monitoringSchema.shape),
      parts: { dailyBudget: { known: Object.keys(budgetSchema.shape) } },
    },
    gate: {
      parts: {
        judge: { known: Object.keys(judgingSchema.shape) },
        fairness: { ...FAIRNESS, items: FAIRNESS },
      },
      each: { known: Object.keys(requirementSchema.shape) },
    },
  },
};

/**
 * `flow.yaml` with the keys that its misspelt ones are meant to be, so that a key that is wrong is one finding and what
 * stands under it is checked all the same. The places are those of the keys as they are written.
 */
export function withMeantKeys(yaml: ParsedYaml, findings: Findings): ParsedYaml {
  const renamed = new Map<string, string>();

  const mend = (value: unknown, keys: Keys, path: PropertyKey[]): unknown => {
    if (Array.isArray(value)) {
      const { items } = keys;
      return items === undefined ? value : value.map((item, index) => mend(item, items, [...path, index]));
    }
    if (!isFields(value)) return value;
    const meant = meantNames(Object.keys(value), keys.known);
    const entries = Object.entries(value).map(([written, part]) => {
      const key = meant.get(written) ?? written;
      if (key !== written) {
        const said = keys.unknown?.(written) ?? `Unknown key ${written}.`;
        const remedy = suggestion(written, keys.known ?? [], keys.unknown === undefined ? "keys" : "axes");
        findings.error(FLOW_FILE, placeOf([...path, written], "key"), said, remedy);
        renamed.set(idOf([...path, key]), written);
      }
      const inner = ownPart(keys.parts, key) ?? (keys.known === undefined ? keys.each : undefined);
      return [key, inner === undefined ? part : mend(part, inner, [...path, key])] as const;
    });
    return Object.fromEntries(entries);
  };
  const placeOf: ParsedYaml["placeOf"] = (path, part) => {
    if (renamed.size === 0) return yaml.placeOf(path, part);
    const written = path.map((key, index) => renamed.get(idOf(path.slice(0, index + 1))) ?? key);
    return yaml.placeOf(written, part);
  };
  return { ...yaml, value: mend(yaml.value, FLOW, []), placeOf };
}

function ownPart(parts: Keys["parts"], key: string): Keys | undefined {
  return parts && Object.hasOwn(parts, key) ? parts[key] : undefined;
}

function idOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

/** The known names that unknown ones stand for, where nothing else does. */
function meantNames(written: string[], known: readonly string[] | undefined): Map<string, string> {
  const meant = new Map<string, string>();
  if (known === undefined) return meant;
  const free = new Set(known.filter((name) => !written.includes(name)));
  for (const name of written.slice(0, MOST_NAMES)) {
    if (known.includes(name) || name.length > LONGEST_NAME) continue;
    // Only the nearest of all is meant: one that is given already is no mistake for another.
    const near = nearestName(name, known, MISSPELT);
    if (near === undefined || !free.delete(near)) continue;
    meant.set(name, near);
  }
  return meant;
}
