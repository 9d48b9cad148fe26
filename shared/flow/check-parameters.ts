import type { Findings } from "./diagnostics.ts";
import { nearestName } from "./nearest-name.ts";
import type { ParsedYaml } from "./parse-yaml.ts";
import { PARAMETER_NAMES } from "./prompty-schema.ts";
import { isFields } from "./prompty-property.ts";
import { AXIS_NAMES } from "./variants-schema.ts";

/** Names that services take beside those that Flowgate itself has words for. */
const OTHERS = ["logprobs", "top_logprobs", "tool_choice", "parallel_tool_calls", "modalities", "metadata"];
const KNOWN = new Set<string>([...PARAMETER_NAMES, ...AXIS_NAMES, ...OTHERS]);
/** Services have parameters of their own, whose short names differ by a letter: top_a, top_k. */
const SHORTEST = 6;
/** As many letters as a slip of the keys changes, and no other words. */
const MOST_DIFFERENT = 1 / 3;

/** Parameters are sent as they are written, whatever they are called: one that is nearly a known name was meant as it. */
export function checkParameters(path: string, model: unknown, yaml: ParsedYaml, findings: Findings): void {
  if (!isFields(model)) return;
  for (const part of ["parameters", "options"]) {
    const written = model[part];
    for (const key of isFields(written) ? Object.keys(written) : []) {
      if (KNOWN.has(key) || key.length < SHORTEST) continue;
      const meant = nearestName(key, KNOWN, MOST_DIFFERENT);
      if (meant === undefined) continue;
      findings.warning(
        path,
        yaml.placeOf(["model", part, key], "key"),
        `No parameter of a model is known as ${key}: it is sent as it is.`,
        `Did you mean ${meant}?`,
      );
    }
  }
}
