import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordFunctions } from "../../scripts/record-functions.ts";
import type { Checked } from "../../scripts/worker-check/check-app.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const WORKER = path.join(import.meta.dirname, "grpc-worker.ts");

/** They stand for the files with the handlers of a package that is built as Flowgate's is. */
const APP = `
  const { app } = require("./registered.cjs");
  app.setup({ enableHttpStream: true });
  app.http("health-live", { route: "health/live", methods: ["GET"], authLevel: "anonymous", handler: () => ({ body: "ok" }) });
`;
const PIPELINE = `
  const { app } = require("./registered.cjs");
  if (process.env.FLOWGATE_SERVES !== "chat") {
    app.storageQueue("run", { queueName: "runs", connection: "AzureWebJobsStorage", handler() {} });
    app.timer("tick", { schedule: "0 0 * * * *", handler() {} });
  }
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "flowgate-checked-"));
  const functions = path.join(folder, "dist/functions");
  await mkdir(functions, { recursive: true });
  await writeFile(path.join(folder, "host.json"), "{}");
  await writeFile(path.join(folder, "package.json"), JSON.stringify({ main: "dist/functions/main.cjs" }));
  await writeFile(path.join(functions, "app.cjs"), APP);
  await writeFile(path.join(functions, "pipeline.cjs"), PIPELINE);
  await cp(path.join(ROOT, "scripts/deployed/main.cjs"), path.join(functions, "main.cjs"));
  const recorded = JSON.stringify(await recordFunctions(functions));
  await build({
    entryPoints: [path.join(ROOT, "scripts/deployed/registered.ts")],
    outfile: path.join(functions, "registered.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["@azure/functions-core"],
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { FUNCTIONS: recorded, "import.meta.url": "bundleUrl" },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function check(worker: string, { fault = "", parameters = ["--json"] } = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(ROOT, "scripts/worker-check.ts"), worker, "--app", folder, ...parameters],
    { encoding: "utf8", env: { ...process.env, WORKER_FAULT: fault } },
  );
  return { status, stdout, stderr };
}

test("a warmed worker that indexes, loads and runs what the package registers passes, for each part that may be served", () => {
  const { status, stdout, stderr } = check(WORKER, { parameters: ["--warmed", "--json"] });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const checked = JSON.parse(stdout) as Checked[];
  expect(checked.map(({ worker, ...one }) => ({ ...one, version: worker.version }))).toEqual(
    Object.entries({ all: 3, chat: 1, pipeline: 3 }).map(([serves, count]) => ({
      serves,
      registered: count,
      indexed: count,
      loaded: count,
      answered: { "health-live": 200 },
      differences: [],
      version: "9.9.9",
    })),
  );
});

test("what the worker leaves out, tells otherwise or invents is named, and how it ends", () => {
  const { status, stdout } = check(WORKER, { fault: "wrong", parameters: [] });
  expect(status).toBe(1);
  const [worker, ...lines] = stdout.split("\n");
  expect(worker).toMatch(/^worker 9\.9\.9 on Node \d/);
  expect(lines.slice(0, 5)).toEqual([
    "✗ FLOWGATE_SERVES=all       3 registered, 3 indexed, 3 loaded, health-live 200",
    "    run is registered and not indexed",
    '    tick is registered with schedule "0 0 * * * *", indexed with "0 1 * * * *"',
    "    extra is indexed and not registered",
    "    told to end, the worker fails (3)",
  ]);
});

test("a worker that never answers is given up after the time limit", () => {
  const { status, stderr } = check(WORKER, { fault: "silent", parameters: ["--timeout", "0.5"] });
  expect(status).toBe(2);
  expect(stderr).toContain("The worker sent no startStream within 0.5 s (--timeout).");
});

test("what is no worker is said to be none, with where one is found", async () => {
  const other = path.join(folder, "other.cjs");
  await writeFile(other, 'console.log("something else"); process.exit(4);');
  const found = "node_modules/azure-functions-core-tools";
  for (const [file, said, parameters] of [
    [path.join(folder, "none.js"), "There is no worker at ", []],
    [other, "The worker ended (exit code 4).\n  It said:\n  something else", []],
    [other, "It said:\n  spawn no-node ENOENT", ["--node", "no-node"]],
  ] satisfies [string, string, string[]][]) {
    const { status, stderr } = check(file, { parameters });
    expect(status).toBe(2);
    expect(stderr).toContain(said);
    expect(stderr).toContain(found);
  }
});
