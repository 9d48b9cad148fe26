import { stringify } from "yaml";
import type { ImportedFlow } from "./imported-flow.ts";
import type { SuggestedEvaluation } from "./suggest-evaluation.ts";

/** The new flow's `flow.yaml`, each part with what its reader needs to know. `from` is what was imported. */
export function writeFlowYaml(
  name: string,
  from: string,
  flow: Pick<ImportedFlow, "prompt" | "steps" | "variants">,
  datasets: readonly string[],
  { evaluators, gate }: SuggestedEvaluation,
): string {
  const unsupported = flow.steps.some((step) => "unsupported" in step);
  const sections: [string[], Record<string, unknown>][] = [
    [[`Imported from ${from}. docs/import.md says what became of what.`], { name, prompt: flow.prompt }],
  ];
  if (flow.steps.length > 0) {
    const comment = [
      "What is found or prepared for the prompt; each result is an input under the step's name.",
    ];
    if (unsupported) {
      comment.push(
        "The flow is refused as long as a step is unsupported: put a lookup, retrieve or prompt in its place,",
      );
      comment.push("or remove it together with the places that use its name.");
    }
    const steps = Object.fromEntries(flow.steps.map(({ name: step, ...rest }) => [step, rest]));
    sections.push([comment, { steps }]);
  }
  if (Object.keys(flow.variants).length > 0) {
    sections.push([
      ["Other prompts for the same flow: `flowgate compare` measures them; production is not touched."],
      { variants: { prompt: flow.variants } },
    ]);
  }
  sections.push(
    [
      ["Every change answers these rows, and each answer is scored by these evaluators."],
      { evaluation: { datasets, evaluators } },
    ],
    [
      [
        "All of these must hold, or the change is refused. Raise them to just below what the first report shows.",
      ],
      { gate: { ...gate, errors: { rate: "<= 0" } } },
    ],
    [["What passes serves everybody at once."], { rollout: "immediate" }],
  );
  return sections
    .map(
      ([comment, part]) =>
        `${comment.map((line) => `# ${line}\n`).join("")}${stringify(part, { lineWidth: 0, blockQuote: false })}`,
    )
    .join("\n");
}
