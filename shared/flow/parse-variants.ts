import { contentHash } from "../model/canonical.ts";
import { checkedPath, type FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { modelParameters } from "./model-parameters.ts";
import { isFields } from "./prompty-property.ts";
import { scalarText } from "./scalar-text.ts";
import { ALTERNATIVE_NAME, fitsAxis, isAxis, type AxisName } from "./variants-schema.ts";

/** An axis has fewer, else it is refused. */
const MOST_CHECKED = 100;

/** An axis as it could be read. */
export interface ReadAxis {
  name: string;
  /** Each with the path to it in `flow.yaml`. */
  alternatives: { name: string; value: unknown; at: PropertyKey[] }[];
}

/**
 * The axes of `variants` as they are written: prompt, model, then parameters. Alternatives of a list are named by their
 * values, prompts by their files. Two alternatives of one name or one value, and paths that leave the folder, are
 * errors. What is of another form than its schema asks for has been reported, and is left out.
 */
export function parseVariants(written: unknown, context: FlowContext): ReadAxis[] {
  const { yaml, findings } = context;
  const parameters = new Map<string, string>();
  return Object.entries(isFields(written) ? written : {}).flatMap(([name, listed]) => {
    if (!isAxis(name)) return [];
    const parameter = parameterOf(name);
    const same = parameters.get(parameter);
    if (same !== undefined) {
      const place = yaml.placeOf(["variants", name], "key");
      findings.error(FLOW_FILE, place, `${name} and ${same} are one parameter.`, "Make one axis of the two.");
    }
    parameters.set(parameter, name);
    const alternatives = alternativesOf(name, listed, context);
    return alternatives.length === 0 ? [] : [{ name, alternatives }];
  });
}

function alternativesOf(axis: AxisName, listed: unknown, context: FlowContext): ReadAxis["alternatives"] {
  const isList = Array.isArray(listed);
  const entries: [string | number, unknown][] = isList
    ? listed.map((value: unknown, index) => [index, value])
    : Object.entries(isFields(listed) ? listed : {});
  const seen = new Map<string, string>();
  return entries.slice(0, MOST_CHECKED).flatMap(([key, value]) => {
    if (!fitsAxis(axis, value)) return [];
    const at = ["variants", axis, key];
    const fail = (message: string, remedy: string): [] => {
      const place = context.yaml.placeOf(at);
      context.findings.error(FLOW_FILE, place, `variants.${axis}: ${message}`, remedy);
      return [];
    };
    const named = `${axis}: { some_name: ... }`;
    const called = isList ? nameOf(axis, value) : String(key);
    const kept = axis === "prompt" ? checkedPath(String(value), at, context) : value;
    if (kept === undefined) return [];
    if (called === undefined) return fail("this value needs a name.", `Write ${named}.`);
    const twin = seen.get(`name ${called}`) ?? seen.get(`value ${contentHash(kept)}`);
    if (twin !== undefined) {
      const twins = `two alternatives are called ${called}`;
      const message = twin === called ? `${twins}.` : `${called} is the same as ${twin}.`;
      return fail(message, `Remove one of the two, or write ${named}.`);
    }
    seen.set(`name ${called}`, called).set(`value ${contentHash(kept)}`, called);
    return [{ name: called, value: kept, at }];
  });
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
