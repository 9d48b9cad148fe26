import type { Findings } from "./diagnostics.ts";
import { inputValueProblem } from "./input-value-problem.ts";
import { ownField } from "./own-field.ts";
import type { ParsedYaml } from "./parse-yaml.ts";
import type { Prompty } from "./prompty.ts";

/** Warns of samples and defaults that their inputs, as the prompt declares them, do not take. */
export function checkExamples(prompt: Prompty, yaml: ParsedYaml, findings: Findings): void {
  const data = yaml.value as { inputs?: unknown; sample?: unknown };
  const listed = Array.isArray(data.inputs);
  for (const [index, input] of prompt.inputs.entries()) {
    const { name, default: fallback } = input;
    const own = ["inputs", listed ? index : name];
    const isInSample = Object.hasOwn(Object(data.sample), name);
    const given = [
      {
        what: "sample",
        value: ownField(prompt.sample, name),
        at: isInSample ? ["sample", name] : [...own, "sample"],
      },
      { what: "default", value: fallback, at: [...own, "default"] },
    ];
    for (const { what, value, at } of given) {
      const problem = inputValueProblem({ ...input, required: false }, value);
      if (problem === undefined) continue;
      findings.warning(prompt.path, yaml.placeOf(at), `The ${what}: ${problem.message}`, problem.remedy);
    }
  }
}
