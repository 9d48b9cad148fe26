import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import packageFacts from "../../package.json" with { type: "json" };

const execute = promisify(execFile);
const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const SOURCES = ["cli", "functions", "local", "pipelines", "schemas", "scripts", "shared", "studio"];
const FILES = ["package.json", "package-lock.json", "host.json", "tsconfig.json", "README.md", "LICENSE"];

/** The oldest that the package promises to run on; this repository brings a newer one. */
const OLDEST_NODE = "22.23.3";

let scratch: string;
let project: string;
/** The folders of the programs of Node, by its major version. */
const nodes: Record<string, string> = { 24: path.dirname(process.execPath) };

/** What npm tells its scripts of this repository, and what would set Flowgate up; where packages come from stays. */
const OURS = /^(npm_(?!config_(registry|cafile|ca|proxy|https_proxy)$)|FLOWGATE_|OPENAI_|AZURE_|INIT_CWD$)/i;

/** None of the repository's programs and settings are in reach. */
function environment(node = path.dirname(process.execPath)): NodeJS.ProcessEnv {
  const paths = [node, ...(process.env["PATH"] ?? "").split(path.delimiter)];
  const PATH = paths.filter((folder) => !folder.endsWith("node_modules/.bin")).join(path.delimiter);
  const kept = Object.entries(process.env).filter(([name]) => !OURS.test(name));
  return { ...Object.fromEntries(kept), PATH, FLOWGATE_PORT: "0" };
}

async function npx(words: string[], node?: string): Promise<string> {
  const { stdout } = await execute("npx", ["flowgate", ...words], {
    cwd: project,
    env: environment(node),
  });
  return stdout;
}

/** Installs the packages into a folder of their own, from the registry of whoever runs this. */
async function install(folder: string, ...packages: string[]): Promise<void> {
  await mkdir(folder);
  await writeFile(path.join(folder, "package.json"), '{ "private": true, "allowScripts": { "node": true } }');
  const words = ["install", "--prefer-offline", "--no-audit", "--no-fund", ...packages];
  await execute("npm", words, { cwd: folder, env: environment() }).catch((error: unknown) => {
    throw new Error(`${packages.join(", ")} could not be had from the package registry.`, { cause: error });
  });
}

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), "flowgate-packed-"));
  // A copy is packed: other tests use what `dist/` holds meanwhile.
  const copy = path.join(scratch, "repository");
  await Promise.all(
    [...SOURCES, ...FILES].map((name) =>
      cp(path.join(REPOSITORY, name), path.join(copy, name), { recursive: true }),
    ),
  );
  await symlink(path.join(REPOSITORY, "node_modules"), path.join(copy, "node_modules"));
  await execute(process.execPath, [path.join(copy, "scripts/pack.ts")], { cwd: copy });
  project = path.join(scratch, "project");
  await install(project, path.join(copy, `dist/flowgate-${packageFacts.version}.tgz`));
  const oldest = path.join(scratch, "node");
  await install(oldest, `node@${OLDEST_NODE}`);
  nodes[22] = path.join(oldest, "node_modules/node/bin");
  await rm(copy, { recursive: true });
  // Most of it is the package registry's time.
}, 480_000);
afterAll(() => rm(scratch, { recursive: true, force: true, maxRetries: 3 }));

test("it needs nothing but what could not be built into it", async () => {
  const manifest = JSON.parse(
    await readFile(path.join(project, "node_modules/flowgate/package.json"), "utf8"),
  ) as Record<string, Record<string, string>>;
  expect(Object.keys(manifest["dependencies"] ?? {})).toEqual([]);
  const optional = Object.keys(manifest["optionalDependencies"] ?? {});
  expect(optional.filter((name) => !name.startsWith("@energetic-ai/"))).toEqual(["azurite"]);
});

/** With evaluators whose packages are read when they are first needed, from files of their own. */
async function addEvaluators(file: string): Promise<void> {
  const late =
    'rouge, letters: { use: regex, pattern: "[a-z]" }, shape: { use: json_schema, schema: { pattern: "[a-z]" } }';
  const gate = '  rouge: { mean: ">= 0" }\n  letters: { mean: ">= 1" }\n  shape: { mean: ">= 0" }\n';
  const written = await readFile(file, "utf8");
  const text = written.replace("f1_score]", `f1_score, ${late}]`).replace("gate:\n", `gate:\n${gate}`);
  expect(text).toContain("shape: { mean");
  await writeFile(file, text);
}

test.each([22, 24])("on Node %i a project begun with it goes through the whole loop", async (major) => {
  const node = nodes[major];
  const { stdout: version } = await execute("node", ["--version"], { env: environment(node) });
  expect(version).toMatch(new RegExp(`^v${major}\\.`));
  for (const made of ["flows", ".flowgate", ".github"]) {
    await rm(path.join(project, made), { recursive: true, force: true });
  }
  expect(await npx(["--version"], node)).toBe(`${packageFacts.version}\n`);
  expect(await npx(["init", "--name", "my-flow"], node)).toContain("my-flow is in flows/my-flow");
  await addEvaluators(path.join(project, "flows/my-flow/flow.yaml"));
  expect(await npx(["init", "--github"], node)).toContain("flowgate.yml evaluates every pull request");
  expect(await npx(["validate"], node)).toContain("✓ my-flow is valid");
  const said = await npx(["start", "--once"], node);
  expect(said).toMatch(/my-flow@[0-9a-f]{12} {2}passed: all \d+ requirements hold/);
  expect(said).toMatch(/answered by my-flow@[0-9a-f]{12}/);
});

test("without the platform's packages it says how to add them, and ends", async () => {
  const modules = path.join(project, "node_modules");
  await rename(path.join(modules, "azurite"), path.join(modules, "away"));
  await expect(npx(["start", "--once"])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^error: The embedded storage needs azurite.*npm install --include=optional/m,
    ),
  });
  await rename(path.join(modules, "away"), path.join(modules, "azurite"));
});
