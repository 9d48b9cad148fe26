import type { VariantAxis } from "../model/flow.ts";
import { contentHash } from "../model/canonical.ts";
import type { Findings, Place } from "./diagnostics.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { normalPath, PATH_REMEDY, pathProblem } from "./flow-paths.ts";
import { modelParameters } from "./model-parameters.ts";
import type { ParsedYaml } from "./parse-yaml.ts";
import { scalarText } from "./scalar-text.ts";
import { ALTERNATIVE_NAME } from "./variants-schema.ts";

/**
 * The axes of a well-formed `variants`: prompt, model, then parameters. Alternatives of a list are named by their values, prompts
 * by their files. Two alternatives of one name or one value, and paths that leave the folder, are errors.
 */
export function parseVariants(
  written: Readonly<Record<string, unknown>>,
  yaml: Pick<ParsedYaml, "placeOf">,
  findings: Findings,
): VariantAxis[] {
  const parameters = new Map<string, string>();
  return Object.entries(written).flatMap(([name, listed]) => {
    const parameter = parameterOf(name);
    const same = parameters.get(parameter);
    if (same !== undefined) {
      const place = yaml.placeOf(["variants", name], "key");
      findings.error(FLOW_FILE, place, `${name} and ${same} are one parameter.`, "Make one axis of the two.");
    }
    parameters.set(parameter, name);
    const isList = Array.isArray(listed);
    const entries: [string | number, unknown][] = isList
      ? listed.map((value: unknown, index) => [index, value])
      : Object.entries(listed ?? {});
    const seen = new Map<string, string>();
    const alternatives = entries.flatMap(([key, value]) => {
      const place = yaml.placeOf(["variants", name, key]);
      const fail = (message: string, remedy?: string): [] => {
        findings.error(FLOW_FILE, place, message, remedy);
        return [];
      };
      const called = isList ? nameOf(name, value) : String(key);
      if (called === undefined) {
        return fail(`variants.${name}: this value needs a name.`, `Write ${name}: { some_name: ... }.`);
      }
      const problem = name === "prompt" ? pathProblem(String(value)) : undefined;
      if (problem !== undefined) return fail(problem, PATH_REMEDY);
      const kept = name === "prompt" ? normalPath(String(value)) : value;
      const twin = seen.get(`name ${called}`) ?? seen.get(`value ${contentHash(kept)}`);
      if (twin !== undefined) {
        const same =
          twin === called ? `two alternatives are called ${called}` : `${called} is the same as ${twin}`;
        return fail(
          `variants.${name}: ${same}.`,
          `Remove one of the two, or write ${name}: { some_name: ... }.`,
        );
      }
      seen.set(`name ${called}`, called).set(`value ${contentHash(kept)}`, called);
      return [{ name: called, value: kept }];
    });
    return alternatives.length === 0 ? [] : [{ name, alternatives }];
  });
}

/** Where an alternative stands in `flow.yaml`. */
export function placeOfAlternative(axis: VariantAxis, index: number, yaml: ParsedYaml): Place {
  const written = (yaml.value as { variants?: Record<string, unknown> } | undefined)?.variants?.[axis.name];
  const key = Array.isArray(written) ? index : (axis.alternatives[index]?.name ?? index);
  return yaml.placeOf(["variants", axis.name, key]);
}

/** The parameter an axis sets; limits of the answer are one, whatever they are called. */
function parameterOf(axis: string): string {
  const [parameter = axis] = Object.keys(modelParameters({ options: { [axis]: 1 } }));
  return parameter === "max_completion_tokens" ? "max_tokens" : parameter;
}

function nameOf(axis: string, value: unknown): string | undefined {
  const file = String(value).split("/").at(-1) ?? "";
  const name = axis === "prompt" ? file.replace(/\.prompty$/, "") : scalarText(value);
  return name !== undefined && ALTERNATIVE_NAME.test(name) ? name : undefined;
}
