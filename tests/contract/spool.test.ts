import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDiskSpool } from "../../shared/adapters/disk-spool.ts";
import type { Spool } from "../../shared/ports/spool.ts";
import { createMemorySpool } from "../fakes/memory-spool.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "flowgate-spool-"));
});
afterAll(() => rm(folder, { recursive: true }));

const SPOOLS: [string, () => Spool][] = [
  ["the disk", () => createDiskSpool(folder)],
  ["the fake in memory", () => createMemorySpool()],
];

async function* piecesOf(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe.each(SPOOLS)("a spool: %s", (_name, makeSpool) => {
  test("gives back what came, piece by piece, as often as it is asked", async () => {
    const texts = Array.from({ length: 7 }, (_, index) => String(index).repeat(100_000));
    using file = await makeSpool().keep(piecesOf(...texts));
    expect(file.bytes).toBe(700_000);
    for (let time = 0; time < 2; time += 1) {
      const pieces = [...file.pieces()];
      expect(Buffer.concat(pieces).toString()).toBe(texts.join(""));
      expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(256 * 1024);
    }
  });

  test("reads two files, and one file twice at once, each from its own start", async () => {
    const spool = makeSpool();
    using first = await spool.keep(piecesOf("a".repeat(300_000)));
    using second = await spool.keep(piecesOf("b".repeat(300_000)));
    const [one, other, again] = [first.pieces(), second.pieces(), first.pieces()].map((pieces) =>
      pieces[Symbol.iterator](),
    );
    for (const [pieces, letter] of [
      [one, 97],
      [other, 98],
      [again, 97],
      [one, 97],
      [again, 97],
    ] as const) {
      const piece = pieces?.next().value as Uint8Array;
      expect(piece.every((byte) => byte === letter)).toBe(true);
    }
  });

  test("keeps a file without bytes", async () => {
    using file = await makeSpool().keep(piecesOf());
    expect([file.bytes, ...file.pieces()]).toEqual([0]);
  });

  test("fails as its source does", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("a");
      throw new Error("The source broke off.");
    }
    await expect(makeSpool().keep(broken())).rejects.toThrow("The source broke off.");
  });
});

test("nothing is left in the folder, not even while a file is read", async () => {
  const spool = createDiskSpool(folder);
  using file = await spool.keep(piecesOf("secret"));
  expect(await readdir(folder)).toEqual([]);
  expect(Buffer.concat([...file.pieces()]).toString()).toBe("secret");
});
