import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createProgram } from "../../cli/program.ts";
import { readSettings } from "../../shared/settings.ts";

interface Pipeline {
  variables: Record<string, string>;
  steps: {
    task?: string;
    condition?: string;
    inputs?: Record<string, string>;
    env?: Record<string, string>;
  }[];
}

/** Azure Pipelines puts a variable's value in the place of `$(name)`. */
function withVariables(text: string, variables: Record<string, string>): string {
  return text.replaceAll(/\$\(([\w.]+)\)/g, (whole, name: string) => variables[name] ?? whole);
}

async function pipeline(): Promise<Pipeline> {
  const page = await readFile(path.resolve(import.meta.dirname, "../../docs/azure-devops.md"), "utf8");
  return parse(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "") as Pipeline;
}

test("the pipeline is YAML, and what it runs is a command with such options", async () => {
  const { variables, steps } = await pipeline();
  const scripts = steps.flatMap(({ inputs }) => inputs?.["inlineScript"] ?? []);
  expect(scripts).toHaveLength(2);
  const program = await createProgram("");
  for (const script of scripts) {
    const [named, rest] = withVariables(script, variables).split(" flowgate ");
    expect(named).toBe(`npx --yes --package "${variables["FLOWGATE_PACKAGE"]}"`);
    const [verb, ...words] = rest?.trim().split(/\s+/) ?? [];
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

test("each of its tasks finds the settings it needs, though variables arrive in capitals", async () => {
  const { variables, steps } = await pipeline();
  const tasks = steps.filter(({ inputs }) => inputs?.["inlineScript"] !== undefined);
  const capitals = Object.entries(variables).map(([name, value]) => [name.toUpperCase(), value]);
  for (const { env = {} } of tasks) {
    const own = Object.entries(env).map(([name, value]) => [name, withVariables(value, variables)]);
    const settings = readSettings(Object.fromEntries([...capitals, ...own]) as NodeJS.ProcessEnv);
    expect(settings.storage).toEqual({ accountName: "stshop" });
    expect(settings.remote.url).toBe("https://func-shop.azurewebsites.net");
    expect(settings.access.entra).toBeDefined();
  }
});
