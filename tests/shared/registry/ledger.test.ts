import { expect, test } from "vitest";
import type { LedgerEntry } from "../../../shared/model/release.ts";
import {
  chainHolds,
  LEDGER_ORIGIN,
  readLedger,
  recordEntry,
  sealEntry,
} from "../../../shared/registry/ledger.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";

function chain(length: number): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    entries.push(
      sealEntry({
        sequence,
        previousHash: entries.at(-1)?.hash ?? LEDGER_ORIGIN,
        at: "2026-01-01T00:00:00Z",
        flow: "shop",
        kind: "promoted",
        version: `v${sequence}`,
        suite: "suite",
        run: "run",
        from: undefined,
        actor: "system",
        reason: "passed",
        commit: undefined,
      }),
    );
  }
  return entries;
}

test("an untouched chain holds, also after a round through JSON", () => {
  expect(chainHolds(JSON.parse(JSON.stringify(chain(5))) as LedgerEntry[])).toBe(true);
  expect(chainHolds([])).toBe(true);
});

test.for<[string, (entries: LedgerEntry[]) => LedgerEntry[]]>([
  [
    "an altered entry",
    (entries) => entries.map((entry, i) => (i === 2 ? { ...entry, reason: "forged" } : entry)),
  ],
  ["a missing entry", (entries) => entries.filter((_, i) => i !== 2)],
  ["a missing first entry", (entries) => entries.slice(1)],
  [
    "two entries in the wrong order",
    ([a, b, c, ...rest]) => [a, c, b, ...rest].flatMap((entry) => entry ?? []),
  ],
  [
    "an entry altered and sealed again",
    (entries) =>
      entries.map((entry, i) => (i === 2 ? sealEntry({ ...withoutHash(entry), reason: "forged" }) : entry)),
  ],
])("%s breaks it", ([, tamper]) => {
  expect(chainHolds(tamper(chain(5)))).toBe(false);
});

test("an entry is read once, and again where it is not what it was", async () => {
  const memory = createMemoryBlobStore();
  const read: string[] = [];
  const store = {
    ...memory,
    read: (...[container, name]: Parameters<typeof memory.read>) => {
      read.push(name);
      return memory.read(container, name);
    },
  };
  const entries = chain(4);
  for (const entry of entries.slice(0, 3)) await recordEntry(store, entry);
  expect(await readLedger(store, "shop")).toEqual(JSON.parse(JSON.stringify(entries.slice(0, 3))));
  read.length = 0;
  await recordEntry(store, entries[3]!);
  expect((await readLedger(store, "shop")).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  expect(read).toEqual([registryPath.ledgerEntry("shop", 4)]);

  const second = registryPath.ledgerEntry("shop", 2);
  await memory.write("registry", second, JSON.stringify({ ...entries[1], reason: "forged" }));
  expect(chainHolds(await readLedger(store, "shop"))).toBe(false);
  await memory.delete("registry", second);
  expect((await readLedger(store, "shop")).map(({ sequence }) => sequence)).toEqual([1, 3, 4]);
});

function withoutHash({ hash: _hash, ...entry }: LedgerEntry): Omit<LedgerEntry, "hash"> {
  return entry;
}
