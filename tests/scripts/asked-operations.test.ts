import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askedOperations } from "../../scripts/asked-operations.ts";
import { BUNDLE_URL } from "../../scripts/split-bundle.ts";
import { type Azurite, startAzurite } from "../contract/azurite.ts";

type Packages = typeof import("../../shared/adapters/blob-packages.ts");
const ROOT = path.resolve(import.meta.dirname, "../..");

let azurite: Azurite;
let packages: Packages;
let folder: string;
beforeAll(async () => {
  azurite = await startAzurite();
  folder = await mkdtemp(path.join(tmpdir(), "flowgate-asked-"));
  const outfile = path.join(folder, "blob-packages.cjs");
  await build({
    entryPoints: [path.join(ROOT, "shared/adapters/blob-packages.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    banner: { js: BUNDLE_URL },
    define: { "import.meta.url": "bundleUrl" },
    logLevel: "error",
    plugins: [askedOperations],
  });
  packages = createRequire(import.meta.url)(outfile) as Packages;
});
afterAll(async () => {
  await azurite[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test("the package's SDK of blobs answers all that the adapters ask", async () => {
  const service = packages.BlobServiceClient.fromConnectionString(azurite.connectionString);
  const container = service.getContainerClient("asked");
  expect((await container.createIfNotExists()).succeeded).toBe(true);
  const text = Buffer.from("twelve bytes");
  const whole = container.getBlockBlobClient("folder/whole");
  await whole.upload(text, text.length, { metadata: { token: "one" } });
  const pieces = container.getBlockBlobClient("folder/pieces");
  await pieces.stageBlock("MDAx", text, text.length);
  await pieces.commitBlockList(["MDAx"]);
  const appended = container.getAppendBlobClient("appended");
  expect((await appended.createIfNotExists()).succeeded).toBe(true);
  expect((await appended.createIfNotExists()).succeeded).toBe(false);
  await appended.appendBlock(text, text.length);

  for (const client of [whole, pieces, appended]) {
    expect(await client.downloadToBuffer()).toEqual(text);
  }
  expect((await whole.getProperties()).metadata).toEqual({ token: "one" });
  const flat: [string, number | undefined][] = [];
  for await (const { name, properties } of container.listBlobsFlat()) {
    flat.push([name, properties.contentLength]);
  }
  expect(flat).toEqual(["appended", "folder/pieces", "folder/whole"].map((name) => [name, text.length]));
  const folders: string[] = [];
  for await (const { segment } of container.listBlobsByHierarchy("/").byPage()) {
    folders.push(...(segment.blobPrefixes ?? []).map(({ name }) => name));
  }
  expect(folders).toEqual(["folder/"]);
  await whole.delete({ deleteSnapshots: "include" });
  await expect(whole.download()).rejects.toMatchObject({ code: "BlobNotFound", statusCode: 404 });
});

test("a call that nobody asked for says so, and where it is asked for", async () => {
  const { BlobServiceClient } = packages;
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  await expect(service.getProperties()).rejects.toThrow(
    "The package has no service.getProperties of blob storage: name it in scripts/asked-operations.ts",
  );
  const blob = service.getContainerClient("asked").getBlobClient("any");
  await expect(blob.setTags({ any: "thing" })).rejects.toThrow("no blob.setTags of blob storage");
});
