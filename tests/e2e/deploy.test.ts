import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createManagementApi, type ManagementApi } from "../../cli/management-api.ts";
import { pushFlow } from "../../cli/push-flow.ts";
import type { LocalAddresses } from "../../local/platform.ts";
import { startOfflineModel } from "../../local/model/start-offline-model.ts";
import { createBlobStore } from "../../shared/adapters/azure/blob-store.ts";
import { childEnvironment } from "../../shared/settings.ts";
import { OFFLINE_STAND_IN } from "../../shared/model/offline-stand-in.ts";
import type { RowResult } from "../../shared/model/run.ts";
import type { FlowStatus } from "../../shared/model/status.ts";
import { startAzurite } from "../contract/azurite.ts";
import { startCountingProxy } from "./counting-proxy.ts";
import { recordedAnswers } from "./recorded-answers.ts";
import { writeSmallFlow } from "./small-flow.ts";
import { sharedModel } from "./shared-model.ts";
import { startProcess } from "./start-process.ts";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const SOURCES = ["cli", "functions", "local", "pipelines", "schemas", "scripts", "shared", "studio"];
const FILES = ["package.json", "package-lock.json", "host.json", "tsconfig.json"];
const FLOW = "small";
const ROWS = 60;
const AT_ONCE = 8;
const LATENCY_MS = 400;

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), "flowgate-deploy-"));
  await Promise.all(["1.0.0", "2.0.0"].map(buildApp));
});
afterAll(() => rm(scratch, { recursive: true, force: true, maxRetries: 3 }));

/** In the place of `npm start`, which would push flows and ask questions too. */
const PLATFORM_ALONE = `
const { startPlatform } = await import("./platform.ts");
const { readSettings } = await import("../shared/settings.ts");
const appFolder = new URL("..", import.meta.url).pathname;
await startPlatform({ settings: readSettings(), appFolder, workers: 2, log: () => {} });
`;

/** What is deployed of a version of the app, beside a platform that loads that and not the sources. */
async function buildApp(version: string): Promise<void> {
  const folder = path.join(scratch, version);
  await Promise.all(
    [...SOURCES, ...FILES].map((name) =>
      cp(path.join(REPOSITORY, name), path.join(folder, name), { recursive: true }),
    ),
  );
  await symlink(path.join(REPOSITORY, "node_modules"), path.join(folder, "node_modules"));
  const facts = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")) as object;
  await writeFile(path.join(folder, "package.json"), JSON.stringify({ ...facts, version }));
  const entry = 'export const APP_ENTRY: string[] = ["dist/functions/main.cjs"];\n';
  await writeFile(path.join(folder, "local/app-entry.ts"), entry);
  await writeFile(path.join(folder, "local/start.mjs"), PLATFORM_ALONE);
  await shortenLease(path.join(folder, "local/host/start-host.ts"));
  await promisify(execFile)(process.execPath, [path.join(folder, "scripts/build.ts")], { cwd: folder });
}

/** What a killed host held comes back when its lease ends: after ten minutes in Azure, which nobody waits for here. */
async function shortenLease(file: string): Promise<void> {
  const written = await readFile(file, "utf8");
  const text = written.replace("LEASE_SECONDS = 600", "LEASE_SECONDS = 10");
  expect(text).not.toBe(written);
  await writeFile(file, text);
}

interface Registered {
  capabilities: string[];
  functions: object[];
  /** Files of the package, by name. */
  loaded: string[];
}

/** What the sources or the package register, as Azure's worker sees it. */
async function registered(pattern: string, serves: string, ...when: "idle"[]): Promise<Registered> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(import.meta.dirname, "print-functions.ts"), path.join(scratch, "1.0.0"), pattern, ...when],
    { env: childEnvironment({ FLOWGATE_SERVES: serves }) },
  );
  return JSON.parse(stdout) as Registered;
}

test.each(["all", "chat", "pipeline"])(
  "the package registers the functions of functions/, with the same bindings, where it serves %s",
  async (serves) => {
    const { capabilities, functions } = await registered("functions/*.ts", serves);
    expect(capabilities).toEqual(["HttpUri"]);
    const loaded = ["main.cjs", "registered.cjs"];
    expect(await registered("dist/functions/main.cjs", serves)).toEqual({ capabilities, functions, loaded });
  },
);

/** Or it would not know the connection of the request that it is loaded for. */
test("what is loaded with the first request does not watch for requests itself", async () => {
  const folder = path.join(scratch, "1.0.0/dist/functions");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".cjs"));
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), "utf8")));
  const watching = names.filter((_, index) => texts[index]?.includes('"http.server.request.start"'));
  expect(watching).toEqual(["registered.cjs"]);
});

test("what only evaluations, releases and the API need is a file that an app of chats alone never loads", async () => {
  const loadedBy = async (serves: string) =>
    (await registered("dist/functions/main.cjs", serves, "idle")).loaded;
  expect(await loadedBy("pipeline")).toEqual(expect.arrayContaining(["app.cjs", "pipeline.cjs"]));
  const loaded = await loadedBy("chat");
  expect(loaded).toEqual(expect.arrayContaining(["app.cjs", "blob-packages.cjs"]));
  expect(loaded).not.toContain("pipeline.cjs");
});

test("the files that answer share their modules: none is there twice, with a state of its own", async () => {
  const meta = JSON.parse(await readFile(path.join(scratch, "1.0.0/dist/app.meta.json"), "utf8")) as {
    outputs: Record<string, { inputs: Record<string, object> }>;
  };
  const modules = Object.values(meta.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  expect(modules).toContain("functions/services.ts");
  expect(new Set(modules).size).toBe(modules.length);
});

test("a deploy that kills every process in the middle of a run: the new build ends the run, whole, and pays again for nothing that was recorded", async () => {
  // As in Azure, storage is elsewhere and stays.
  await using azurite = await startAzurite();
  const model = sharedModel() ?? (await startOfflineModel());
  await using proxy = await startCountingProxy(model.baseUrl, LATENCY_MS);
  const start = (version: string) =>
    startProcess({
      repository: path.join(scratch, version),
      data: path.join(scratch, "data"),
      flows: "flows",
      environment: {
        FLOWGATE_PORT: "0",
        AzureWebJobsStorage: azurite.connectionString,
        OPENAI_BASE_URL: proxy.baseUrl,
        OPENAI_API_KEY: "any",
        FLOWGATE_MODEL: OFFLINE_STAND_IN,
        FLOWGATE_MODEL_CONCURRENCY: String(AT_ONCE),
      },
    });

  try {
    await using before = start("1.0.0");
    expect(await versionOf(await before.addresses())).toBe("1.0.0");
    const store = createBlobStore({ connectionString: azurite.connectionString });
    // However long it takes until the kill, the run is not over by then.
    proxy.hold(ROWS - 2 * AT_ONCE);
    await pushFlow({ store, flow: FLOW, files: flowFiles(), commit: {} });
    let recorded = 0;
    while (recorded < 16) {
      await sleep(5);
      recorded = await recordedAnswers(store, FLOW);
    }
    before.signal("SIGKILL");
    await before.ended;
    const came = proxy.came();
    expect(proxy.answered.size).toBeLessThan(ROWS);
    proxy.release();

    // The killed one's addresses, which would be read too soon.
    await rm(path.join(scratch, "data/local.json"));
    await using after = start("2.0.0");
    const addresses = await after.addresses();
    expect(await versionOf(addresses)).toBe("2.0.0");
    const api = createManagementApi(
      { url: addresses.host, key: addresses.key },
      AbortSignal.timeout(240_000),
    );
    const { run, release } = await decided(api);
    expect(run?.verdict?.outcome).toBe("pass");
    expect(release?.stable?.version).toBe(run?.plan.version);
    const rows = await allRows(api, run?.plan.id ?? "");
    expect(rows.map(({ row }) => row.id).sort()).toEqual(flowRows().sort());
    for (const { candidate } of rows) {
      expect(candidate).toMatchObject({ answer: expect.stringMatching(/\w/) });
    }
    // All that was asked but not recorded may be asked again, with what the process had sent and nobody had read yet.
    const repeated = [...proxy.answered.values()].reduce((sum, count) => sum + count - 1, 0);
    expect(repeated).toBeLessThanOrEqual(came - recorded + AT_ONCE);
    expect(proxy.answered.size).toBe(ROWS);
  } finally {
    await model.close();
  }
});

function flowRows(): string[] {
  return Array.from({ length: ROWS }, (_, index) => `row-${index}`);
}

function flowFiles(): Map<string, Uint8Array> {
  const lines = flowRows().map((id, index) =>
    JSON.stringify({ id, question: `When does the shop open on day ${index}?` }),
  );
  const files = writeSmallFlow(FLOW).set("data.jsonl", `${lines.join("\n")}\n`);
  // Only the last row decides this, so the run never ends early.
  files.set("flow.yaml", `${files.get("flow.yaml")}  output_tokens: { max: "<= 10000" }\n`);
  return new Map([...files].map(([name, text]) => [name, new TextEncoder().encode(text)]));
}

async function versionOf({ host }: LocalAddresses): Promise<string> {
  const answer = await fetch(`${host}/health/live`);
  return ((await answer.json()) as { version: string }).version;
}

async function decided(api: ManagementApi): Promise<FlowStatus> {
  for (;;) {
    const status = await api.flow(FLOW);
    if (status.run?.verdict !== undefined && status.release !== undefined) return status;
    await sleep(50);
  }
}

async function allRows(api: ManagementApi, run: string): Promise<RowResult[]> {
  const plan = (await api.run(FLOW, run)).plan;
  const pages = await Promise.all(plan.shards.map((shard) => api.rows(FLOW, run, { shard, offset: 0 })));
  return pages.flatMap(({ rows }) => rows);
}
