import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");
const QUEUE = { queueName: "runs", connection: "AzureWebJobsStorage" };
const FUNCTIONS = {
  all: [
    ["setup", { enableHttpStream: true }],
    ["http", "ask", { route: "ask", methods: ["POST"] }],
    ["storageQueue", "run", QUEUE],
  ],
  chat: [["http", "ask", { route: "ask", methods: ["POST"] }]],
  pipeline: [["storageQueue", "run", QUEUE]],
};
/** Stand for the app: each says when it is loaded, and answers a call with its number. */
const APP = `
  const { app } = require("./registered.cjs");
  console.log("chats loaded");
  let calls = 0;
  app.http("ask", { handler: () => (calls += 1) });
  app.hook.appTerminate(() => console.log("ended after " + calls));
`;
const PIPELINE = `
  console.log("pipeline loaded");
  let calls = 0;
  require("./registered.cjs").app.storageQueue("run", { handler: () => (calls += 1) });
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "flowgate-registered-"));
  await build({
    entryPoints: [path.join(ROOT, "scripts/deployed/registered.ts")],
    outfile: path.join(folder, "registered.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["@azure/functions-core"],
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { FUNCTIONS: JSON.stringify(FUNCTIONS), "import.meta.url": "bundleUrl" },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a worker prints that loads the file, and then does what is written here. */
async function worker(act: string, app = APP, environment: Record<string, string> = {}): Promise<string[]> {
  await writeFile(path.join(folder, "app.cjs"), app);
  await writeFile(path.join(folder, "pipeline.cjs"), PIPELINE);
  const script = `
    const fs = require("node:fs");
    const functions = new Map();
    const hooks = [];
    const core = {
      version: "1", hostVersion: "4", log() {}, setProgrammingModel() {},
      registerFunction: ({ name }, call) => (functions.set(name, call), { dispose() {} }),
      registerHook: (_name, hook) => (hooks.push(hook), { dispose() {} }),
      Disposable: class {},
    };
    const { require: load } = module.constructor.prototype;
    module.constructor.prototype.require = function (id) {
      return id === "@azure/functions-core" ? core : load.call(this, id);
    };
    const appFile = ${JSON.stringify(path.join(folder, "app.cjs"))};
    require(${JSON.stringify(path.join(folder, "registered.cjs"))});
    const sayWhy = (act) => { try { console.log(act()); } catch (error) { console.log(error.message); } };
    ${act}
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], {
    env: { ...process.env, ...environment },
  });
  return stdout.trim().split("\n");
}

const NAMES = "console.log([...functions.keys()].join());";

test("the functions are registered before anything that answers is loaded, those of the part that is served", async () => {
  expect(await worker(NAMES)).toEqual(["ask,run"]);
  expect(await worker(NAMES, APP, { FLOWGATE_SERVES: "chat" })).toEqual(["ask"]);
  expect(await worker(NAMES, APP, { FLOWGATE_SERVES: "pipeline" })).toEqual(["run"]);
  expect(await worker(NAMES, APP, { FLOWGATE_SERVES: "constructor" })).toEqual(["ask,run"]);
});

test("the first call loads what it needs, once for all functions, and the end of the app reaches it", async () => {
  const call = "console.log(functions.get(name)())";
  const act = `for (const name of ["ask", "ask"]) ${call}; for (const hook of hooks) hook({});`;
  expect(await worker(act)).toEqual(["chats loaded", "1", "2", "ended after 2"]);
  expect(await worker(`for (const name of ["ask", "run", "ask", "run"]) ${call};`)).toEqual([
    "chats loaded",
    "1",
    "pipeline loaded",
    "1",
    "2",
    "2",
  ]);
  expect(await worker(`for (const name of ["run", "ask"]) ${call};`)).toEqual([
    "chats loaded",
    "pipeline loaded",
    "1",
    "1",
  ]);
});

test("nobody asks: it is loaded all the same, once the platform knows the functions, what chats need first", async () => {
  // As often as a file is loaded, and more: a process that is held up finds the timers of both due, in turn.
  const moments =
    "const pass = (left) => left > 0 ? setTimeout(pass, 100, left - 1) : console.log('asked'); pass(5);";
  const loaded = ["chats loaded", "pipeline loaded"];
  expect(await worker(moments)).toEqual([...loaded, "asked"]);
  expect(await worker(moments, APP, { FLOWGATE_SERVES: "pipeline" })).toEqual([...loaded, "asked"]);
  // An app of chats alone has no use for the other.
  expect(await worker(moments, APP, { FLOWGATE_SERVES: "chat" })).toEqual(["chats loaded", "asked"]);
  // Where it fails, the log says so before anybody asks, and the worker lives on.
  const act = `console.error = (text, { message }) => console.log(text, message); ${moments}`;
  expect(await worker(act, 'throw new Error("no such file");')).toEqual([
    "The functions are registered, but what answers could not be loaded: no such file",
    "asked",
  ]);
});

test("a call that could not load it fails with the reason, and the next one loads it", async () => {
  const act = `
    const app = fs.readFileSync(appFile, "utf8");
    fs.writeFileSync(appFile, 'require("./registered.cjs").app.http("ask", {}); throw new Error("no space left");');
    sayWhy(functions.get("ask"));
    sayWhy(functions.get("run"));
    fs.writeFileSync(appFile, app);
    sayWhy(functions.get("ask"));
  `;
  expect(await worker(act)).toEqual(["no space left", "no space left", "chats loaded", "1"]);
});

test("a function that the package does not have names the remedy", async () => {
  expect(await worker("sayWhy(functions.get('ask'));", "")).toEqual([
    "pipeline loaded",
    "The package has no function ask: build and deploy it anew.",
  ]);
});
