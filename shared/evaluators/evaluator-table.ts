import * as z from "zod";
import type { EvaluatorDefinition, EvaluatorKind } from "./evaluator.ts";
import { EVALUATORS } from "./registry.ts";

const TITLES: Record<EvaluatorKind, string> = {
  "model-graded": "Graded by a model",
  "text-overlap": "Text against text",
  retrieval: "Retrieval",
  safety: "Safety",
  preference: "Preference",
};

/** Every evaluator as the guide lists them: a Markdown table for each kind, from the registry. */
export function evaluatorTable(): string {
  const sections = Object.entries(TITLES).map(([kind, title]) => {
    const rows = Object.values(EVALUATORS)
      .filter((evaluator) => evaluator.kind === kind)
      .map(rowOf);
    return [
      `### ${title}`,
      "",
      "| evaluator | measures | scale | passes at | needs | options | how | after |",
      "| --- | --- | --- | --- | --- | --- | --- | --- |",
      ...rows,
    ].join("\n");
  });
  return sections.join("\n\n");
}

function rowOf(evaluator: EvaluatorDefinition): string {
  const { name, help, scale, direction, threshold, needs, source } = evaluator;
  const better = direction === "higher" ? "more is better" : "less is better";
  const cells = [
    `\`${name}\``,
    help,
    `${scale.min}–${scale.max}, ${better}`,
    `${direction === "higher" ? "≥" : "≤"} ${threshold}`,
    needs.map((need) => need.replaceAll("_", " ")).join(", "),
    optionNames(evaluator)
      .map((option) => `\`${option}\``)
      .join(", "),
    howOf(evaluator),
    source,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function optionNames({ options }: EvaluatorDefinition): string[] {
  if (options === undefined) return [];
  const { properties = {} } = z.toJSONSchema(options, { io: "input" });
  return Object.keys(properties);
}

function howOf({ judgeCalls = 0, safetyService }: EvaluatorDefinition): string {
  if (judgeCalls === 0) return "computed";
  if (safetyService === "instead") return "Azure AI Content Safety, else a judge";
  if (safetyService === "beside") return "a judge, beside Prompt Shields";
  return judgeCalls === 1 ? "a judge" : `a judge, ${judgeCalls} calls`;
}
