import { readFileSync } from "node:fs";
import type { EvaluatorDefinition } from "./evaluator.ts";

const SECTIONS = ["## What is judged", "## Scale", "## What to ignore", "## Answer"];

/**
 * Reads a judge's instructions and checks that they hold what a judge must be told: the definition, each step of the
 * scale on its own line, what to ignore and how to answer. Throws an error that names the file.
 */
export function loadJudgePrompt(
  file: URL,
  { min, max }: EvaluatorDefinition["scale"] = { min: 1, max: 5 },
): string {
  const text = readFileSync(file, "utf8").trim();
  const lines = text.split(/\r?\n/);
  const steps = Array.from({ length: max - min + 1 }, (_, index) => `- ${min + index}: `);
  const missing = [
    ...SECTIONS.filter((heading) => !lines.includes(heading)),
    ...steps.filter((start) => !lines.some((line) => line.startsWith(start))),
  ];
  if (missing.length > 0) {
    const name = file.pathname.split("/").at(-1);
    throw new Error(
      `The judge prompt ${name} lacks ${missing.map((part) => `"${part.trim()}"`).join(", ")}.`,
    );
  }
  return text;
}
