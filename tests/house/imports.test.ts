import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const FOLDERS = ["functions", "pipelines", "shared", "cli"];
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), "flowgate-house-"));
  for (const name of [...FOLDERS, ".oxlintrc.json", "tsconfig.json", "package.json"]) {
    await cp(path.join(REPOSITORY, name), path.join(scratch, name), { recursive: true });
  }
  await symlink(path.join(REPOSITORY, "node_modules"), path.join(scratch, "node_modules"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Plants a file and returns what lint says of it. */
async function lintWith(file: string, text: string): Promise<{ failed: boolean; output: string }> {
  const name = path.join(scratch, file);
  await mkdir(path.dirname(name), { recursive: true });
  await writeFile(name, text);
  try {
    const lint = path.join(REPOSITORY, "node_modules/.bin/oxlint");
    const { stdout } = await promisify(execFile)(lint, ["--deny-warnings", file], { cwd: scratch });
    return { failed: false, output: stdout };
  } catch (error) {
    return { failed: true, output: (error as { stdout: string }).stdout };
  } finally {
    await rm(name);
  }
}

test.for<[what: string, file: string, target: string, message: string]>([
  [
    "a stage that imports another stage",
    "pipelines/intake/planted.ts",
    "../decide/decide.ts",
    "never imports another stage",
  ],
  [
    "shared that imports a stage",
    "shared/flow/planted.ts",
    "../../pipelines/decide/decide.ts",
    "knows no stage",
  ],
  ["shared that imports an SDK", "shared/flow/planted.ts", "@azure/storage-blob", "Only shared/adapters/"],
  ["a stage that imports an SDK", "pipelines/chat/planted.ts", "openai", "Only shared/adapters/"],
  [
    "a stage that imports a trigger",
    "pipelines/chat/planted.ts",
    "../../functions/services.ts",
    "functions -> pipelines",
  ],
  [
    "a stage that imports an adapter",
    "pipelines/chat/planted.ts",
    "../../shared/adapters/system-clock.ts",
    "functions -> pipelines",
  ],
  [
    "a trigger that imports the platform",
    "functions/planted.ts",
    "../local/platform.ts",
    "who hosts or calls it",
  ],
  ["a trigger that imports an SDK", "functions/planted.ts", "@azure/storage-queue", "A trigger unwraps"],
  ["the command that imports a stage", "cli/planted.ts", "../pipelines/decide/decide.ts", "management API"],
])("lint refuses %s", async ([, file, target, message]) => {
  const { failed, output } = await lintWith(
    file,
    `import * as planted from "${target}";\nconsole.log(planted);\n`,
  );
  expect(output).toContain(message);
  expect(failed).toBe(true);
});

test("lint refuses reading the environment outside settings.ts", async () => {
  const { failed, output } = await lintWith("pipelines/chat/planted.ts", "console.log(process.env);\n");
  expect(output).toContain("no-process-env");
  expect(failed).toBe(true);
});

test("lint accepts the ways the house allows", async () => {
  const allowed = [
    'import { app } from "@azure/functions";',
    'import { decide } from "../pipelines/decide/decide.ts";',
    'import { PermanentError } from "../shared/errors.ts";',
    "console.log(app, decide, PermanentError);",
  ];
  expect(await lintWith("functions/planted.ts", `${allowed.join("\n")}\n`)).toMatchObject({ failed: false });
});
