import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { createBlobStore } from "../../shared/adapters/azure/blob-store.ts";
import { ensureStorage } from "../../shared/adapters/azure/ensure-storage.ts";
import type { FlowStatus } from "../../shared/model/status.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { type Azurite, connectionString, startAzurite } from "../contract/azurite.ts";
import { startFakePlatform } from "./fake-platform.ts";
import { flowgate, startFlowgate } from "./run-flowgate.ts";
import { folderWith, SHOP } from "./sample-flow.ts";
import { change, failedVerdict, refusedChange, run, runDetail, status } from "./samples.ts";

let azurite: Azurite;
let store: BlobStore;
let environment: Record<string, string>;

beforeAll(async () => {
  azurite = await startAzurite();
  environment = { AzureWebJobsStorage: azurite.connectionString };
  await ensureStorage({ connectionString: azurite.connectionString });
  store = createBlobStore({ connectionString: azurite.connectionString });
});
afterAll(() => azurite[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const name of await stored()) await store.delete("flows", name);
});

async function stored(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of store.list("flows", "")) names.push(name);
  return names;
}

async function commitFile(): Promise<{ pushId: string; author?: string; message?: string }> {
  const blob = await store.read("flows", "shop/.commit.json");
  return JSON.parse(blob?.body.toString() ?? "{}") as { pushId: string };
}

/** A platform that answers `shown` for the push that is in storage, as if it had read it. */
async function platformThatReads(shown: FlowStatus): Promise<Record<string, string>> {
  const platform = await startFakePlatform({
    "GET /api/flows/shop": (_request, response) => {
      void commitFile().then(({ pushId }) => {
        const change = shown.change && { ...shown.change, commit: { pushId } };
        response.end(JSON.stringify({ ...shown, change }));
      });
      return undefined;
    },
    "GET /api/flows/shop/runs/run-2": () => ({ json: runDetail() }),
  });
  return { ...environment, ...platform.environment };
}

test("a push uploads the folder and closes with who changed what", async () => {
  const folder = await folderWith(SHOP);
  const words = ["push", folder, "--message", "Begin", "--author", "Ada"];
  const { code, stdout } = await flowgate(words, { environment });
  expect(stdout).toBe("Pushed shop: 3 uploaded, 0 deleted, 0 unchanged\n");
  expect(code).toBe(0);
  expect(await stored()).toEqual(
    [".commit.json", ".push.json", ...Object.keys(SHOP)].map((name) => `shop/${name}`).sort(),
  );
  expect(await commitFile()).toMatchObject({ author: "Ada", message: "Begin" });
  await flowgate(["push", folder, "--author", " ", "--message", ""], { environment });
  expect(await commitFile()).toMatchObject({ author: expect.stringMatching(/\S/) });
  expect(await commitFile()).not.toHaveProperty("message");
  expect((await flowgate(["push", folder], { environment })).stdout).toContain(
    "0 uploaded, 0 deleted, 3 unchanged",
  );
});

test("a flow with errors is not pushed at all", async () => {
  const folder = await folderWith({
    ...SHOP,
    "flow.yaml": SHOP["flow.yaml"]?.replace("chat.", "nope.") ?? "",
  });
  const { code, stdout, stderr } = await flowgate(["push", folder], { environment });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(`${path.join(folder, "flow.yaml")}:2:`);
  expect(stderr).toContain("Nothing was pushed");
  expect(await stored()).toEqual([]);
});

test("--wait prints the verdict and exits with it", async () => {
  const folder = await folderWith(SHOP);
  const passing = await platformThatReads(status());
  const passed = await flowgate(["push", folder, "--wait"], { environment: passing });
  expect(passed.code).toBe(0);
  expect(passed.stdout).toContain("shop@bbbbbbbbbbbb  passed");
  expect(passed.stdout).toContain("Production serves shop@bbbbbbbbbbbb.");

  const failing = await platformThatReads(status({ run: run({ verdict: failedVerdict }) }));
  const failed = await flowgate(["push", folder, "--wait"], { environment: failing });
  expect(failed.code).toBe(1);
  expect(failed.stdout).toContain("✗ f1_score pass rate");
  expect(failed.stdout).toContain("Production is untouched.");
});

test("--wait --json prints one document, with nothing else on stdout", async () => {
  const folder = await folderWith(SHOP);
  const { code, stdout, stderr } = await flowgate(["push", folder, "--wait", "--json"], {
    environment: await platformThatReads(status()),
  });
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toMatchObject({
    pushed: true,
    flow: "shop",
    uploaded: Object.keys(SHOP).sort(),
    result: { kind: "decided", served: true, verdict: { outcome: "pass" } },
  });
});

test("a change that the platform refuses is shown with its places", async () => {
  const folder = await folderWith(SHOP);
  const { code, stdout } = await flowgate(["push", folder, "--wait"], {
    environment: await platformThatReads(status({ change: refusedChange, run: undefined })),
  });
  expect(code).toBe(2);
  expect(stdout).toContain(`${path.join(folder, "flow.yaml")}:3:5: error: unknown key "promt"`);
});

test("progress is a line every 10 % where stderr is no terminal", async () => {
  const folder = await folderWith(SHOP);
  const running = status({ run: run({ state: "running", shardsDone: 1, verdict: undefined }) });
  const command = startFlowgate(["push", folder, "--wait"], {
    environment: await platformThatReads(running),
  });
  await command.said("Evaluating shop@bbbbbbbbbbbb on 64 rows 20 %\n");
  command.interrupt();
  expect((await command.finished).stderr).not.toContain("\r");
});

test("Ctrl-C while waiting says that the run goes on, exit code 130", async () => {
  const folder = await folderWith(SHOP);
  const waiting = status({ change: change({ sequence: 1 }), run: undefined });
  const command = startFlowgate(["push", folder, "--wait"], {
    environment: await platformThatReads(waiting),
  });
  await command.said("Planning the run");
  command.interrupt();
  const { code, stderr } = await command.finished;
  expect(code).toBe(130);
  expect(stderr).toContain("still running; `flowgate status shop` shows it");
});

test("Ctrl-C while storage hangs leaves the push open, exit code 130", async () => {
  const storage = createServer((incoming, response) => {
    incoming.resume();
    // The push opens and lists; the files are never taken.
    if (incoming.url?.includes(".push.json")) response.writeHead(201, { etag: '"1"' }).end();
    else if (incoming.method === "GET") {
      response.setHeader("content-type", "application/xml");
      response.end("<EnumerationResults><Blobs/><NextMarker/></EnumerationResults>");
    } else received.resolve();
  });
  const received = Promise.withResolvers<void>();
  storage.listen(0, "127.0.0.1");
  await once(storage, "listening");
  onTestFinished(() => {
    storage.closeAllConnections();
    storage.close();
  });
  const { port } = storage.address() as AddressInfo;
  const command = startFlowgate(["push", await folderWith(SHOP)], {
    environment: { AzureWebJobsStorage: connectionString(port, port) },
  });
  await received.promise;
  command.interrupt();
  const { code, stderr } = await command.finished;
  expect(stderr).toBe("push interrupted: nothing changed; push again\n");
  expect(code).toBe(130);
});

test("without any storage the command says what to set", async () => {
  const folder = await folderWith(SHOP);
  const { code, stderr } = await flowgate(["push", folder], { environment: { FLOWGATE_PORT: "1" } });
  expect(code).toBe(2);
  expect(stderr).toContain("set FLOWGATE_DATA to the .flowgate folder there, or set AzureWebJobsStorage");
  const words = ["push", folder, "--url", "https://flowgate.example", "--key", "k"];
  expect((await flowgate(words)).stderr).toContain("Set AzureWebJobsStorage__accountName to its account");
});
