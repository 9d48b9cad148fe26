import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { findConnection } from "../../cli/connection.ts";
import { readSettings } from "../../shared/settings.ts";
import { temporaryFolder } from "./run-flowgate.ts";

async function runningPlatform(text?: string): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, ".flowgate"));
  const facts = {
    host: "http://127.0.0.1:7999",
    storage: "Embedded=1",
    pid: 1,
    appPids: [2],
    key: "local-key",
  };
  await writeFile(path.join(folder, ".flowgate", "local.json"), text ?? JSON.stringify(facts));
  return folder;
}

test("the embedded platform that runs over this folder is found from any folder below", async () => {
  const folder = await runningPlatform();
  const below = path.join(folder, "flows", "shop");
  await mkdir(below, { recursive: true });
  expect(await findConnection(readSettings({}), {}, below)).toMatchObject({
    url: "http://127.0.0.1:7999",
    key: "local-key",
    storage: { connectionString: "Embedded=1" },
  });
});

test("a platform named by flag goes before the environment, and the environment before the embedded one", async () => {
  const folder = await runningPlatform();
  const settings = readSettings({ FLOWGATE_URL: "https://gate.example.com/", FLOWGATE_KEY: "e" });
  expect(await findConnection(settings, {}, folder)).toMatchObject({
    url: "https://gate.example.com",
    key: "e",
  });
  const flags = { url: "https://other.example.com", key: "f" };
  expect(await findConnection(settings, flags, folder)).toMatchObject(flags);
});

test("a key of the environment goes with any platform, and before what the embedded one lends", async () => {
  const folder = await runningPlatform();
  const settings = readSettings({ FLOWGATE_KEY: "a-readers" });
  // Whoever gives their own key is to stand in the ledger, and to be refused what it does not open.
  expect(await findConnection(settings, {}, folder)).toMatchObject({
    url: "http://127.0.0.1:7999",
    key: "a-readers",
  });
  const flags = { url: "https://gate.example.com" };
  expect((await findConnection(settings, flags, folder)).key).toBe("a-readers");
});

test("the embedded platform lends neither key nor storage to another one", async () => {
  const folder = await runningPlatform();
  const connection = await findConnection(readSettings({}), { url: "https://gate.example.com" }, folder);
  expect(connection).toMatchObject({ key: undefined, storage: undefined, local: undefined });
  const same = await findConnection(readSettings({}), { url: "http://127.0.0.1:7999/" }, folder);
  expect(same.key).toBe("local-key");
});

test("storage of the settings goes before the embedded one", async () => {
  const folder = await runningPlatform();
  const settings = readSettings({ AzureWebJobsStorage__accountName: "shopstorage" });
  expect((await findConnection(settings, {}, folder)).storage).toEqual({ accountName: "shopstorage" });
});

test("with nothing there, or a file that is half written, the port of the settings is tried", async () => {
  const folder = await runningPlatform('{"host": "http://127');
  expect(await findConnection(readSettings({ FLOWGATE_PORT: "7500" }), {}, folder)).toMatchObject({
    url: "http://127.0.0.1:7500",
    local: undefined,
  });
});
