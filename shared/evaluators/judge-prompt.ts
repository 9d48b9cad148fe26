import { readFileSync } from "node:fs";

const SECTIONS = ["## What is judged", "## Scale", "## What to ignore", "## Answer"];

/**
 * Reads a judge's instructions and checks that they hold what a judge must be told: the definition, each step of the
 * scale from 1 to 5 on its own line, what to ignore and how to answer. Throws an error that names the file.
 */
export function loadJudgePrompt(file: URL): string {
  const text = readFileSync(file, "utf8").trim();
  const lines = text.split(/\r?\n/);
  const missing = [
    ...SECTIONS.filter((heading) => !lines.includes(heading)),
    ...[1, 2, 3, 4, 5]
      .map((score) => `- ${score}: `)
      .filter((start) => !lines.some((line) => line.startsWith(start))),
  ];
  if (missing.length > 0) {
    const name = file.pathname.split("/").at(-1);
    throw new Error(
      `The judge prompt ${name} lacks ${missing.map((part) => `"${part.trim()}"`).join(", ")}.`,
    );
  }
  return text;
}
