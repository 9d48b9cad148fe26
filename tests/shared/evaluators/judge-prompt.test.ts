import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { loadJudgePrompt } from "../../../shared/evaluators/judge-prompt.ts";

async function scratchPrompt(change: (text: string) => string): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), "flowgate-prompt-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const original = new URL("../../../shared/evaluators/prompts/fluency.md", import.meta.url);
  const file = join(folder, "fluency.md");
  await writeFile(file, change(await readFile(original, "utf8")));
  return pathToFileURL(file);
}

test("a judge prompt that lacks a step of its scale is refused by name", async () => {
  const file = await scratchPrompt((text) => text.replace("- 3: ", "- three: "));
  expect(() => loadJudgePrompt(file)).toThrow(/fluency\.md lacks "- 3:"/);
});

test("a judge prompt that lacks a section is refused by name", async () => {
  const file = await scratchPrompt((text) => text.replace("## What to ignore", "## Other"));
  expect(() => loadJudgePrompt(file)).toThrow(/lacks "## What to ignore"/);
});

test("a judge prompt with Windows line ends is accepted", async () => {
  const file = await scratchPrompt((text) => text.replaceAll("\n", "\r\n"));
  expect(loadJudgePrompt(file)).toContain("## Scale");
});
