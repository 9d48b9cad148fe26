import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const FOLDERS = ["functions", "pipelines", "shared", "cli", "studio"];

const FORBIDDEN: [what: string, folder: string, target: string, message: string][] = [
  [
    "a stage that imports another stage",
    "pipelines/intake",
    "../decide/decide.ts",
    "never imports another stage",
  ],
  ["shared that imports a stage", "shared/flow", "../../pipelines/decide/decide.ts", "knows no stage"],
  ["shared that imports an SDK", "shared/flow", "@azure/storage-blob", "Only shared/adapters/"],
  ["a stage that imports an SDK", "pipelines/chat", "openai", "Only shared/adapters/"],
  [
    "a stage that imports a trigger",
    "pipelines/chat",
    "../../functions/services.ts",
    "functions -> pipelines",
  ],
  [
    "a stage that imports an adapter",
    "pipelines/chat",
    "../../shared/adapters/system-clock.ts",
    "functions -> pipelines",
  ],
  ["a trigger that imports the platform", "functions", "../local/platform.ts", "who hosts or calls it"],
  ["a trigger that imports an SDK", "functions", "@azure/storage-queue", "A trigger unwraps"],
  ["the command that imports a stage", "cli", "../pipelines/decide/decide.ts", "management API"],
  ["the studio that imports a stage", "studio", "../pipelines/decide/decide.ts", "runs in a browser"],
  ["the studio that imports what needs Node", "studio", "../shared/flow/parse-flow.ts", "runs in a browser"],
];
const ALLOWED = [
  'import { app } from "@azure/functions";',
  'import { decide } from "../pipelines/decide/decide.ts";',
  'import { PermanentError } from "../shared/errors.ts";',
  "console.log(app, decide, PermanentError);",
];
const ALLOWED_IN_STUDIO = [
  'import { mayAct } from "../shared/model/access.ts";',
  'import { outcomeWords } from "../shared/report/outcome-words.ts";',
  "console.log(mayAct, outcomeWords);",
];

/** Every planted file, and what is in it. */
const PLANTED = new Map<string, string>([
  ...FORBIDDEN.map(([, folder, target], index): [string, string] => [
    `${folder}/planted-${index}.ts`,
    `import * as planted from "${target}";\nconsole.log(planted);\n`,
  ]),
  ["pipelines/chat/planted-environment.ts", "console.log(process.env);\n"],
  ["functions/planted-allowed.ts", `${ALLOWED.join("\n")}\n`],
  ["studio/planted-allowed.ts", `${ALLOWED_IN_STUDIO.join("\n")}\n`],
]);

interface Finding {
  filename: string;
  message: string;
  code: string;
  help?: string;
}

let findings: Finding[];

/** One run of lint over all that is planted: starting it takes longer than what it finds. */
beforeAll(async () => {
  const scratch = await mkdtemp(path.join(tmpdir(), "flowgate-house-"));
  try {
    for (const name of [...FOLDERS, ".oxlintrc.json", "tsconfig.json", "package.json"]) {
      await cp(path.join(REPOSITORY, name), path.join(scratch, name), { recursive: true });
    }
    await symlink(path.join(REPOSITORY, "node_modules"), path.join(scratch, "node_modules"));
    for (const [file, text] of PLANTED) await writeFile(path.join(scratch, file), text);
    const lint = path.join(REPOSITORY, "node_modules/.bin/oxlint");
    const words = ["--deny-warnings", "--format", "json", ...PLANTED.keys()];
    const refused = await promisify(execFile)(lint, words, { cwd: scratch }).catch((error: unknown) => error);
    const { code, stdout } = refused as { code?: number; stdout: string };
    if (code !== 1) throw new Error(`Lint found nothing wrong with what is planted: ${stdout}`);
    ({ diagnostics: findings } = JSON.parse(stdout) as { diagnostics: Finding[] });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});

/** What lint says of a planted file. */
function saidOf(file: string): string {
  return findings
    .filter(({ filename }) => filename.endsWith(file))
    .map(({ code, message, help }) => `${code} ${message} ${help ?? ""}`)
    .join("\n");
}

test.for(FORBIDDEN.map((forbidden, index) => [...forbidden, index] as const))(
  "lint refuses %s",
  ([, folder, , message, index]) => {
    expect(saidOf(`${folder}/planted-${index}.ts`)).toContain(message);
  },
);

test("lint refuses reading the environment outside settings.ts", () => {
  expect(saidOf("pipelines/chat/planted-environment.ts")).toContain("no-process-env");
});

test("lint accepts the ways the house allows", () => {
  expect(saidOf("functions/planted-allowed.ts")).toBe("");
  expect(saidOf("studio/planted-allowed.ts")).toBe("");
});
