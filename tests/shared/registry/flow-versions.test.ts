import { expect, test } from "vitest";
import type { RunPlan } from "../../../shared/model/run.ts";
import type { RunRows } from "../../../shared/model/status.ts";
import { runRows, snapshotFile } from "../../../shared/registry/flow-versions.ts";
import { createJson } from "../../../shared/registry/json-blob.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { sampleReport, sampleRow } from "../../pipelines/decide/report-samples.ts";

async function storedRun(
  shards: Record<string, number>,
): Promise<(page?: Partial<Page>) => Promise<RunRows>> {
  const store = createMemoryBlobStore();
  const plan: RunPlan = { ...sampleReport().run, id: "run2", shards: Object.keys(shards) };
  await createJson(store, "registry", registryPath.plan("shop", "run2"), plan);
  for (const [shard, count] of Object.entries(shards)) {
    if (count === 0) continue;
    const rows = Array.from({ length: count }, (_, index) => {
      const row = sampleRow();
      return `${JSON.stringify({ ...row, row: { ...row.row, id: `${shard}-${index}` } })}\n`;
    });
    await store.create("registry", registryPath.shard("shop", "run2", shard), rows.join(""));
  }
  return (page = {}) =>
    runRows(store, "shop", "run2", { shard: undefined, offset: 0, top: 50, context: false, ...page });
}

interface Page {
  shard: string | undefined;
  offset: number;
  top: number;
  context: boolean;
}

test("every row of a run comes once, page by page; a shard that never ran is an empty page", async () => {
  const rows = await storedRun({ "0": 5, "10": 0, "11": 2 });
  const ids: string[] = [];
  const pages: number[] = [];
  for (let from: RunRows["next"] = { shard: "0", offset: 0 }; from;) {
    const page = await rows({ ...from, top: 2 });
    ids.push(...page.rows.map(({ row }) => row.id));
    pages.push(page.rows.length);
    from = page.next;
  }
  expect(ids).toEqual(["0-0", "0-1", "0-2", "0-3", "0-4", "11-0", "11-1"]);
  expect(pages).toEqual([2, 2, 1, 0, 2]);
});

test("a page of no rows has one all the same, so that who follows it comes to the end", async () => {
  const rows = await storedRun({ "0": 2 });
  expect(await rows({ top: 0 })).toMatchObject({ rows: [{}], next: { shard: "0", offset: 1 } });
});

test("labelled answers are no rows, and contexts come only where they are asked for", async () => {
  const rows = await storedRun({ labels: 1, "0": 1 });
  const page = await rows();
  expect([page.shard, page.rows[0]?.row.id, page.rows[0]?.candidate.context]).toEqual([
    "0",
    "0-0",
    undefined,
  ]);
  expect((await rows({ context: true })).rows[0]?.candidate.context).toContain("Skylark");
  await expect(rows({ shard: "labels" })).rejects.toThrow(/has no shard labels/);
});

test("names that cannot be in storage are not looked for", async () => {
  const store = createMemoryBlobStore();
  await expect(snapshotFile(store, "version", "shop", "../suites", "x")).rejects.toThrow(/There is no/);
  await expect(
    runRows(store, "../x", "run", { shard: undefined, offset: 0, top: 1, context: false }),
  ).rejects.toThrow(/There is no/);
});
