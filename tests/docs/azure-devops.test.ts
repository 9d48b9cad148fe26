import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createProgram } from "../../cli/program.ts";

interface Pipeline {
  steps: { task?: string; condition?: string; inputs?: Record<string, string> }[];
}

test("the pipeline is YAML, and what it runs is a command with such options", async () => {
  const page = await readFile(path.resolve(import.meta.dirname, "../../docs/azure-devops.md"), "utf8");
  const { steps } = parse(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "") as Pipeline;
  const scripts = steps.flatMap(({ inputs }) => inputs?.["inlineScript"] ?? []);
  expect(scripts).toHaveLength(2);
  const program = await createProgram("");
  for (const script of scripts) {
    const [runner, name, verb, ...words] = script.trim().split(/\s+/);
    expect([runner, name]).toEqual(["npx", "flowgate"]);
    const command = program.commands.find((one) => one.name() === verb);
    expect(command?.parseOptions(words).unknown).toEqual([]);
  }
  // What is not merged is a proposal, and only that.
  expect(scripts.map((script) => script.includes("--proposal"))).toEqual([true, false]);
  expect(steps.flatMap(({ condition }) => condition ?? [])).toEqual([
    "eq(variables['Build.Reason'], 'PullRequest')",
    "ne(variables['Build.Reason'], 'PullRequest')",
  ]);
});
