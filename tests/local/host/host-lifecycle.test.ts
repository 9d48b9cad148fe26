import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startQueueService } from "./azurite-queue.ts";
import { BROKEN_APP, FIXTURE_APP, startFixture, temporaryFolder, until } from "./fixture.ts";

let service: Awaited<ReturnType<typeof startQueueService>>;
beforeAll(async () => {
  service = await startQueueService();
});
afterAll(() => service[Symbol.asyncDispose]());

test("the host names its functions with their trigger types", async () => {
  const { host } = await startFixture(service.connectionString);
  expect(host.functions).toContainEqual({ name: "echo", type: "httpTrigger" });
  expect(host.functions).toContainEqual({ name: "job", type: "queueTrigger" });
  expect(host.functions).toContainEqual({ name: "tick", type: "timerTrigger" });
  expect(host.functions).toContainEqual({ name: "topic", type: "eventGridTrigger" });
});

test.for(["cjs", "esm"] as const)("an app bundled as %s loads like its sources", async (format) => {
  const appFolder = await temporaryFolder();
  const require =
    'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
  const entry = `main.${format === "cjs" ? "cjs" : "mjs"}`;
  await build({
    stdin: {
      contents: ["a-hooks", "http"].map((name) => `import "./functions/${name}.ts";`).join("\n"),
      resolveDir: FIXTURE_APP,
    },
    bundle: true,
    platform: "node",
    format,
    external: ["@azure/functions-core"],
    banner: format === "esm" ? { js: require } : {},
    outfile: join(appFolder, entry),
    logLevel: "error",
  });
  await writeFile(join(appFolder, "host.json"), await readFile(join(FIXTURE_APP, "host.json")));
  const { host } = await startFixture(service.connectionString, { appFolder, entry: [entry] });
  expect(await (await fetch(`${host.url}/hooked`)).text()).toBe("hooked");
});

test("an entry file that throws keeps the host from starting, and the error names it", async () => {
  await expect(startFixture(service.connectionString, { appFolder: BROKEN_APP })).rejects.toThrow(
    "Entry file functions/throws.ts could not be loaded: Error: no such thing as a free lunch",
  );
});

test("a pattern that matches no entry file keeps the host from starting", async () => {
  await expect(startFixture(service.connectionString, { entry: ["nothing/*.ts"] })).rejects.toThrow(
    'No entry file matches "nothing/*.ts"',
  );
});

test("a setting that a trigger names and nobody set keeps the host from starting", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "functions"));
  await writeFile(join(folder, "host.json"), '{ "version": "2.0" }');
  const library = import.meta.resolve("@azure/functions");
  await writeFile(
    join(folder, "functions/timer.mjs"),
    `import { app } from ${JSON.stringify(library)};
     app.timer("tick", { schedule: "%NOT_SET_ANYWHERE%", handler: () => {} });`,
  );
  const options = { appFolder: folder, entry: ["functions/*.mjs"] };
  await expect(startFixture(service.connectionString, options)).rejects.toThrow(
    '"%NOT_SET_ANYWHERE%" needs the setting NOT_SET_ANYWHERE',
  );
});

test("a port that is taken is said in one line with the way out", async () => {
  const { host } = await startFixture(service.connectionString);
  const port = Number(new URL(host.url).port);
  await expect(startFixture(service.connectionString, { port })).rejects.toThrow(
    `Port ${port} is taken. End what uses it, or set FLOWGATE_PORT to another.`,
  );
});

test("a host.json that does not fit is refused by field", async () => {
  const appFolder = await temporaryFolder();
  await writeFile(
    join(appFolder, "host.json"),
    '{ "version": "2.0", "extensions": { "queues": { "batchSize": 99 } } }',
  );
  await expect(startFixture(service.connectionString, { appFolder })).rejects.toThrow(
    "extensions.queues.batchSize",
  );
});

test("keys are made once, are readable by their owner alone, and stay over restarts", async () => {
  const { host, dataFolder } = await startFixture(service.connectionString);
  expect((await stat(join(dataFolder, "keys.json"))).mode & 0o777).toBe(0o600);
  await host.close();
  const second = await startFixture(service.connectionString, { dataFolder });
  expect(second.host.keys).toEqual(host.keys);
  const other = await startFixture(service.connectionString);
  expect(other.host.keys.master).not.toBe(host.keys.master);
});

test("closing lets a request in flight finish, refuses new ones, and ends the app processes", async () => {
  const { host, said } = await startFixture(service.connectionString, { workers: 2 });
  const end = join(await temporaryFolder(), "end");
  const [pids, pending] = [host.appPids(), fetch(`${host.url}/held?until=${end}`)];
  await until(() => said("held has begun").length === 1);
  const closed = host.close();
  await expect(fetch(`${host.url}/hooked`)).rejects.toThrow("fetch failed");
  await writeFile(end, "");
  expect(await (await pending).text()).toBe("late but sure");
  await closed;
  expect(said("hook appTerminate").length).toBe(2);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("closing without grace ends even a request that would never end", async () => {
  const { host, said } = await startFixture(service.connectionString);
  const pending = fetch(`${host.url}/held`).then(
    (answer) => answer.status,
    () => "cut",
  );
  await until(() => said("held has begun").length === 1);
  await host.close({ graceMs: 0 });
  expect([502, "cut"]).toContain(await pending);
  expect(host.appPids()).toEqual([]);
});
