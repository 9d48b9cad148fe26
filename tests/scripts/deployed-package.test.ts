import { execFileSync, spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { putInPlace } from "../../scripts/put-in-place.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

async function scratch(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "flowgate-deployed-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("what is deployed is the app: no source, no source map, no second studio, nothing of the packed command", async () => {
  const folder = await scratch();
  const app = [
    "dist/functions/app.cjs",
    "dist/functions/main.cjs",
    "dist/functions/studio/studio.js",
    "host.json",
    "package.json",
  ];
  const rest = [
    "cli/main.ts",
    "dist/flowgate-0.1.0.tgz",
    "dist/functions/app.cjs.map",
    "dist/app.meta.json",
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

/** azd asks its ignore file about the folder alone, and refuses `remoteBuild: false` where that is left out. */
test("azd takes it as built: the folder of packages is not left out, nothing in it is taken", async () => {
  const folder = await scratch();
  await mkdir(path.join(folder, "node_modules/zod"), { recursive: true });
  await copyFile(path.join(ROOT, ".funcignore"), path.join(folder, ".gitignore"));
  execFileSync("git", ["-C", folder, "init", "--quiet"]);
  const ignores = (name: string): boolean =>
    spawnSync("git", ["-C", folder, "check-ignore", "--quiet", name]).status === 0;
  expect([ignores("node_modules"), ignores("node_modules/zod")]).toEqual([false, true]);
  const { services } = parse(await readFile(path.join(ROOT, "azure.yaml"), "utf8")) as {
    services: Record<string, { remoteBuild?: boolean }>;
  };
  expect(Object.values(services).map(({ remoteBuild }) => remoteBuild)).toEqual([false, false]);
});

test("a worker that waited warmed up, and is then killed, leaves the compiled app to the next one", async () => {
  const folder = await scratch();
  const cache = path.join(folder, "cache");
  await copyFile(path.join(ROOT, "scripts/deployed/main.cjs"), path.join(folder, "main.cjs"));
  await writeFile(path.join(folder, "registered.cjs"), `console.log("loaded");\n${"// Code.\n".repeat(200)}`);
  // The settings arrive after Node has started, and what would be done in ten seconds is done now.
  const worker = `
    process.env.NODE_COMPILE_CACHE = ${JSON.stringify(cache)};
    const timers = [];
    globalThis.setTimeout = (act) => (timers.push(act), { unref() {} });
    require(${JSON.stringify(path.join(folder, "main.cjs"))});
    for (const act of timers) act();
    process.kill(process.pid, "SIGKILL");
  `;
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const { stdout, signal } = spawnSync(process.execPath, ["-e", worker], { env, encoding: "utf8" });
  expect([stdout, signal]).toEqual(["loaded\n", "SIGKILL"]);
  const kept = await readdir(cache, { recursive: true, withFileTypes: true });
  expect(kept.filter((one) => one.isFile()).length).toBeGreaterThan(0);
});

/** Changing what lies there would give the one that is packaged meanwhile half a package. */
test("what another build has built already stays untouched, what is old is replaced or goes", async () => {
  const folder = await scratch();
  const [from, to] = [path.join(folder, "from"), path.join(folder, "to")];
  const write = async (place: string, texts: Record<string, string>): Promise<void> => {
    for (const [name, text] of Object.entries(texts)) {
      await mkdir(path.dirname(path.join(place, name)), { recursive: true });
      await writeFile(path.join(place, name), text);
    }
  };
  const built = { "app.cjs": "new", "studio/a.js": "same" };
  await write(to, { "app.cjs": "old", "studio/a.js": "same", "gone.cjs": "old" });
  const before = await stat(path.join(to, "studio/a.js"));
  await write(from, built);
  await putInPlace(from, to);
  expect((await stat(path.join(to, "studio/a.js"))).ino).toBe(before.ino);
  expect((await readdir(to, { recursive: true })).sort()).toEqual(["app.cjs", "studio", "studio/a.js"]);
  expect(await readFile(path.join(to, "app.cjs"), "utf8")).toBe("new");

  const { ino } = await stat(path.join(to, "app.cjs"));
  await write(from, built);
  await Promise.all([putInPlace(from, to), putInPlace(from, to)]);
  expect((await stat(path.join(to, "app.cjs"))).ino).toBe(ino);
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

test("the Functions library is compiled for the Node that runs it: its private fields are fields", async () => {
  const text = await readFile(path.join(ROOT, "dist/functions/registered.cjs"), "utf8");
  expect(text).toContain("x-ms-invocation-id");
  expect(text).not.toContain("WeakMap");
});

test("the library's copy makes the web's request of a call only when it is read", async () => {
  const text = await readFile(path.join(ROOT, "dist/functions/registered.cjs"), "utf8");
  expect(text).toContain("new globalThis.Request(");
  expect(text).not.toContain("new Request(");
});
