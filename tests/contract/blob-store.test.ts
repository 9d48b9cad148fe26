import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBlobStore } from "../../shared/adapters/azure/blob-store.ts";
import { ensureStorage } from "../../shared/adapters/azure/ensure-storage.ts";
import { ConflictError } from "../../shared/errors.ts";
import type { BlobEntry, BlobStore } from "../../shared/ports/blob-store.ts";
import { createMemoryBlobStore } from "../fakes/memory-blob-store.ts";
import { type Azurite, startAzurite } from "./azurite.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
  await ensureStorage({ connectionString: azurite.connectionString });
});
afterAll(() => azurite[Symbol.asyncDispose]());

const STORES: [string, () => BlobStore][] = [
  ["Azure Blob Storage", () => createBlobStore({ connectionString: azurite.connectionString })],
  ["the fake in memory", () => createMemoryBlobStore()],
];

describe.each(STORES)("a blob store: %s", (_name, makeStore) => {
  let store: BlobStore;
  let folders = 0;
  let folder: string;
  beforeAll(() => {
    store = makeStore();
  });
  const newFolder = () => {
    folders += 1;
    folder = `case-${folders}/`;
    return folder;
  };

  test("reads back what was written, byte for byte, with the ETag of the write", async () => {
    const name = `${newFolder()}bytes.bin`;
    const body = Buffer.from([0, 255, 10, 13, 128, 0]);
    const etag = await store.write("registry", name, body);
    const content = await store.read("registry", name);
    expect(content?.body.equals(body)).toBe(true);
    expect(content?.etag).toBe(etag);
    expect(content?.lastModified.getTime()).toBeGreaterThan(Date.now() - 3_600_000);
  });

  test("reads piece by piece what was written piece by piece, and tells its hash as of any blob", async () => {
    const name = `${newFolder()}large.jsonl`;
    const pieces = Array.from({ length: 5 }, (_, index) => Buffer.alloc(150_000, `piece ${index} `));
    const whole = Buffer.concat(pieces);
    expect(await store.create("registry", name, () => pieces)).toBe(true);
    expect(await store.create("registry", name, () => [Buffer.from("late")])).toBe(false);
    const { etag = "" } = (await store.read("registry", name)) ?? {};
    const read: Uint8Array[] = [];
    for await (const piece of store.readPieces("registry", name, etag)) read.push(piece);
    expect(Buffer.concat(read).equals(whole)).toBe(true);
    expect(read.length).toBeGreaterThan(2);
    expect(Math.max(...read.map((piece) => piece.length))).toBeLessThanOrEqual(256 * 1024);
    const [listed] = await all(store.list("registry", name));
    expect(listed).toMatchObject({
      bytes: whole.length,
      contentMd5: createHash("md5").update(whole).digest("base64"),
    });
  });

  test("reads no pieces of an empty blob", async () => {
    const name = `${newFolder()}empty.jsonl`;
    const etag = await store.write("flows", name, () => []);
    const read: Uint8Array[] = [];
    for await (const piece of store.readPieces("flows", name, etag)) read.push(piece);
    expect(Buffer.concat(read)).toHaveLength(0);
  });

  test("stops reading pieces where the blob changes between two, or is gone", async () => {
    const name = `${newFolder()}large.jsonl`;
    const etag = await store.write("flows", name, Buffer.alloc(600_000, "a"));
    const readOn = async (change: () => Promise<unknown>): Promise<void> => {
      let pieces = 0;
      for await (const piece of store.readPieces("flows", name, etag)) {
        expect(piece.every((byte) => byte === 97)).toBe(true);
        if (++pieces === 1) await change();
      }
    };
    const changed = readOn(() => store.write("flows", name, () => [Buffer.alloc(600_000, "b")]));
    await expect(changed).rejects.toBeInstanceOf(ConflictError);
    await expect(readOn(async () => undefined)).rejects.toBeInstanceOf(ConflictError);
    await store.delete("flows", name);
    await expect(readOn(async () => undefined)).rejects.toBeInstanceOf(ConflictError);
  });

  test("keeps text, empty bodies and names with any characters", async () => {
    const names = ["a b.txt", "ümläut/日本.json", "100%25 #1?.md", "plus+and&.txt"];
    const prefix = newFolder();
    for (const name of names) await store.write("flows", prefix + name, `text of ${name} é`);
    await store.write("flows", `${prefix}empty`, "");
    for (const name of names) {
      expect((await store.read("flows", prefix + name))?.body.toString()).toBe(`text of ${name} é`);
    }
    expect((await store.read("flows", `${prefix}empty`))?.body).toHaveLength(0);
    const listed = await all(store.list("flows", prefix));
    expect(listed.map((entry) => entry.name).sort()).toEqual(
      [...names, "empty"].map((n) => prefix + n).sort(),
    );
  });

  test("answers undefined for a blob that is not there", async () => {
    expect(await store.read("registry", `${newFolder()}none`)).toBeUndefined();
    expect(await store.readIfChanged("registry", `${folder}none`, '"0x1"')).toBeUndefined();
  });

  test("tells a blob that has not changed from one that has", async () => {
    const name = `${newFolder()}pointer.json`;
    const first = await store.write("registry", name, "1");
    expect(await store.readIfChanged("registry", name, first)).toBe("unchanged");
    await store.write("registry", name, "2");
    const changed = await store.readIfChanged("registry", name, first);
    expect(changed).toMatchObject({ body: Buffer.from("2") });
  });

  test("creates once: the first of many writers stands", async () => {
    const name = `${newFolder()}report.json`;
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => store.create("registry", name, `writer ${index}`)),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    const content = await store.read("registry", name);
    expect(content?.body.toString()).toBe(`writer ${outcomes.indexOf(true)}`);
  });

  test("lets one of many guarded writes through and refuses the others", async () => {
    const name = `${newFolder()}release.json`;
    const ifMatch = await store.write("registry", name, "0");
    const outcomes = await Promise.allSettled(
      ["a", "b", "c"].map((body) => store.write("registry", name, body, { ifMatch })),
    );
    const refusals = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refusals).toHaveLength(2);
    expect(refusals.every(({ reason }) => reason instanceof ConflictError)).toBe(true);
  });

  test("refuses a guarded write to a blob that was deleted", async () => {
    const name = `${newFolder()}release.json`;
    const ifMatch = await store.write("registry", name, "0");
    await store.delete("registry", name);
    await expect(store.write("registry", name, "1", { ifMatch })).rejects.toBeInstanceOf(ConflictError);
    expect(await store.read("registry", name)).toBeUndefined();
  });

  test("appends in order, from nothing on, and changes the ETag", async () => {
    const name = `${newFolder()}answers.jsonl`;
    await store.append("cache", name, "one\n");
    const before = await store.read("cache", name);
    await store.append("cache", name, Buffer.from("two\n"));
    await store.append("cache", name, "");
    const after = await store.read("cache", name);
    expect(after?.body.toString()).toBe("one\ntwo\n");
    expect(after?.etag).not.toBe(before?.etag);
  });

  test("makes an empty blob to append to, and leaves what is there", async () => {
    const name = `${newFolder()}answers.jsonl`;
    expect(await store.createEmpty("cache", name)).toBe(true);
    expect((await store.read("cache", name))?.body.toString()).toBe("");
    await store.append("cache", name, "one\n");
    expect(await store.createEmpty("cache", name)).toBe(false);
    expect((await store.read("cache", name))?.body.toString()).toBe("one\n");
  });

  test("loses nothing when many append to a new blob at once", async () => {
    const name = `${newFolder()}answers.jsonl`;
    const lines = Array.from({ length: 12 }, (_, index) => `line ${index}\n`);
    await Promise.all(lines.map((line) => store.append("cache", name, line)));
    const text = (await store.read("cache", name))?.body.toString() ?? "";
    expect(text.split("\n").filter(Boolean).sort()).toEqual(lines.map((line) => line.trim()).sort());
  });

  test("lists by prefix in name order, with the ETags and sizes that reads have", async () => {
    const prefix = newFolder();
    for (const name of ["b/2", "a", "b/1", "c"]) await store.write("flows", prefix + name, name);
    await store.write("flows", "elsewhere", "x");
    const listed = await all(store.list("flows", prefix));
    expect(listed.map((entry) => entry.name)).toEqual(["a", "b/1", "b/2", "c"].map((n) => prefix + n));
    const content = await store.read("flows", `${prefix}b/1`);
    expect(listed[1]).toMatchObject({ etag: content?.etag, bytes: 3 });
    expect(listed[1]?.contentMd5).toBe(createHash("md5").update("b/1").digest("base64"));
  });

  test("lists the folders directly below a prefix", async () => {
    const prefix = newFolder();
    for (const name of ["one/a", "one/deep/b", "two/c", "file"])
      await store.write("flows", prefix + name, "");
    expect(await store.listFolders("flows", prefix)).toEqual(["one", "two"]);
    expect(await store.listFolders("flows", "")).toContain(prefix.slice(0, -1));
    expect(await store.listFolders("flows", `${prefix}none/`)).toEqual([]);
  });

  test("deletes what is there and does not mind what is not", async () => {
    const name = `${newFolder()}gone`;
    await store.write("flows", name, "x");
    await store.delete("flows", name);
    await store.delete("flows", name);
    expect(await store.read("flows", name)).toBeUndefined();
  });
});

async function all(entries: AsyncIterable<BlobEntry>): Promise<BlobEntry[]> {
  const list: BlobEntry[] = [];
  for await (const entry of entries) list.push(entry);
  return list;
}
