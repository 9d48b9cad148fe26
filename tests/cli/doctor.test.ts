import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { startAzurite } from "../contract/azurite.ts";
import { type Handler, KEY, startFakePlatform } from "./fake-platform.ts";
import { flowgate, temporaryFolder } from "./run-flowgate.ts";

const completion = {
  id: "1",
  object: "chat.completion",
  created: 0,
  model: "offline-stand-in",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "ready" } }],
  usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 },
};

const ROUTES: Record<string, Handler> = {
  "GET /api/health": () => ({ json: { status: "ok", version: "1.2.3", storage: "ok" } }),
  "GET /api/flows": () => ({ json: { flows: [] } }),
  "POST /v1/chat/completions": () => ({ json: completion }),
};

interface Found {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string; fix?: string }[];
}

async function examine(folder: string, environment: Record<string, string>): Promise<[number | null, Found]> {
  const { code, stdout } = await flowgate(["doctor", "--json"], { folder, environment });
  return [code, JSON.parse(stdout) as Found];
}

test("with everything there each line is ok, missing queues are made, and the stand-in is named as what it is", async () => {
  await using azurite = await startAzurite();
  const { url } = await startFakePlatform(ROUTES);
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, ".flowgate"));
  const local = {
    host: url,
    storage: azurite.connectionString,
    model: `${url}/v1`,
    telemetry: url,
    topic: url,
    key: KEY,
  };
  await writeFile(path.join(folder, ".flowgate", "local.json"), JSON.stringify(local));

  const [code, { ok, checks }] = await examine(folder, {});
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect([code, ok]).toEqual([0, true]);
  const detail = Object.fromEntries(checks.map((check) => [check.name, check.detail]));
  expect(detail["platform"]).toBe(`${url} answers, Flowgate 1.2.3, 0 flows`);
  expect(detail["storage"]).toContain("flow-changes-poison");
  expect(detail["model"]).toMatch(/^the offline stand-in, not a language model, answers in \d+ ms$/);

  const { stdout } = await flowgate(["doctor"], { folder });
  expect(stdout).toMatch(/✓ ok {6}storage +account devstoreaccount1 has every container and queue\n/);
});

test("with nothing there each problem has its fix, exit code 2", async () => {
  const folder = await temporaryFolder();
  const [code, { ok, checks }] = await examine(folder, {
    FLOWGATE_PORT: "1",
    EVENT_GRID_TOPIC_ENDPOINT: "http://127.0.0.1:1/api/events",
  });
  expect([code, ok]).toEqual([2, false]);
  const problems = checks.filter((check) => !check.ok);
  expect(problems.map(({ name }) => name)).toEqual(["platform", "storage", "model", "topic"]);
  for (const { fix } of problems) expect(fix).toMatch(/\w/);
  const { stdout } = await flowgate(["doctor"], { folder, environment: { FLOWGATE_PORT: "1" } });
  expect(stdout).toMatch(
    /✗ problem storage +nothing says which storage the platform reads\. Fix: Start the platform/,
  );
});

test("a platform that lost its storage is a problem", async () => {
  const { url } = await startFakePlatform({
    ...ROUTES,
    "GET /api/health": () => ({ json: { status: "degraded", storage: "lost" } }),
  });
  const [code, { checks }] = await examine(await temporaryFolder(), { FLOWGATE_URL: url, FLOWGATE_KEY: KEY });
  expect(code).toBe(2);
  expect(checks.find(({ name }) => name === "platform")?.detail).toContain("has lost its storage");
});

test("without azd's environment --azure says how to name the deployment", async () => {
  const { code, stderr } = await flowgate(["doctor", "--azure"], { folder: await temporaryFolder() });
  expect(code).toBe(2);
  expect(stderr).toContain('run `set -a; eval "$(azd env get-values)"; set +a`');
});
