import { execFileSync, spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");

async function scratch(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "flowgate-deployed-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("what is deployed is the app: no source, no source map, no second studio, nothing of the packed command", async () => {
  const folder = await scratch();
  const app = ["dist/functions/main.cjs", "dist/functions/studio/studio.js", "host.json", "package.json"];
  const rest = [
    "cli/main.ts",
    "dist/flowgate-0.1.0.tgz",
    "dist/functions/main.cjs.map",
    "dist/main.meta.json",
    "dist/package/lib/main.js",
    "dist/studio/studio.js",
    "local.settings.json",
    "node_modules/zod/index.js",
  ];
  for (const file of [...app, ...rest]) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), "");
  }
  // The file is written in the language of git's own.
  await copyFile(path.join(ROOT, ".funcignore"), path.join(folder, ".git-ignored-here"));
  const git = (...words: string[]): string =>
    execFileSync("git", ["-C", folder, ...words], { encoding: "utf8" });
  git("init", "--quiet");
  const taken = git("ls-files", "--others", "--exclude-from", path.join(folder, ".git-ignored-here"));
  expect(taken.trim().split("\n").sort()).toEqual(app);
});

test("a stack of the deployed app is mapped to the sources, and a file without a map is named", async () => {
  const folder = await scratch();
  const source = path.join(folder, "fails.ts");
  await writeFile(
    source,
    "// A line.\nexport const nothing = 0;\n\nfunction fail(): never {\n  throw new Error('oh');\n}\nfail();\n",
  );
  const outfile = path.join(folder, "main.cjs");
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    minify: true,
    sourcemap: true,
    platform: "node",
    format: "cjs",
  });
  const { stderr } = spawnSync(process.execPath, [outfile], { encoding: "utf8" });
  // As it comes from another machine.
  const stack = stderr.replaceAll(folder, "/home/site/wwwroot/dist/functions");
  const mapped = spawnSync(process.execPath, [path.join(ROOT, "scripts/map-stack.ts"), folder], {
    input: `${stack}    at other (/x/gone.cjs:1:2)\n`,
    encoding: "utf8",
    cwd: folder,
  });
  expect(mapped.stdout).toMatch(/at \w+ \(fails\.ts:5:\d+\)/);
  expect(mapped.stdout).toContain("/x/gone.cjs:1:2");
  expect([mapped.status, mapped.stderr]).toEqual([2, expect.stringContaining("has no gone.cjs.map")]);
});
