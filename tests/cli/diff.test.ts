import { expect, test } from "vitest";
import type { RowResult } from "../../shared/model/run.ts";
import type { RunRows, VersionDetail } from "../../shared/model/status.ts";
import type { SuiteManifest } from "../../shared/model/version.ts";
import { sampleRow } from "../pipelines/decide/report-samples.ts";
import { type Handler, startFakePlatform } from "./fake-platform.ts";
import { flowgate } from "./run-flowgate.ts";
import { folderWith, SHOP } from "./sample-flow.ts";
import { OLD, runDetail, status } from "./samples.ts";

const NEW = "bbbbbbbbbbbb";
const SUITE = "cccccccccccc";

test("two folders are compared without any platform, as a unified diff and plain where it is piped", async () => {
  const before = await folderWith(SHOP);
  const after = await folderWith({
    ...SHOP,
    "chat.prompty": SHOP["chat.prompty"]!.replace("about a shop", "about a large shop"),
    "flow.yaml": SHOP["flow.yaml"]!.replace(">= 3", ">= 4"),
    "data/questions.jsonl": `${SHOP["data/questions.jsonl"]}{"id": "2", "question": "Where are you?"}\n`,
  });
  const { code, stdout } = await flowgate(["diff", before, after]);
  expect(code).toBe(0);
  expect(stdout).toContain(`--- ${before} (shop@`);
  expect(stdout).toContain("chat.prompty prompt, changed\n@@ -7,7 +7,7 @@");
  expect(stdout).toContain("-You answer questions about a shop.\n+You answer questions about a large shop.");
  expect(stdout).toContain("gate.relevance.mean\n- >= 3\n+ >= 4");
  expect(stdout).toContain('+{"id": "2", "question": "Where are you?"}');
  expect(stdout).not.toContain("\u001b");
});

test("the same folder twice differs in nothing, and a folder that would be refused says how to see why", async () => {
  const folder = await folderWith(SHOP);
  expect((await flowgate(["diff", folder, folder])).stdout).toContain("They answer alike");
  const broken = await folderWith({ ...SHOP, "flow.yaml": "name: shop\npromt: chat.prompty\n" });
  const { code, stderr } = await flowgate(["diff", folder, broken]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`flowgate validate ${broken}`)]);
});

test("production against the latest shows metrics with intervals and the rows that flipped, from all pages", async () => {
  const { environment, requests } = await startFakePlatform(
    platform([flipped("q1"), steady("q2"), steady("q3")]),
  );
  const { code, stdout } = await flowgate(["diff", "--flow", "shop"], { environment });
  expect(code).toBe(0);
  expect(stdout).toContain(`--- shop@${OLD} (production)\n+++ shop@${NEW} (latest)`);
  expect(stdout).toContain("-Be kind.\n+Be brief.");
  expect(stdout).toContain(`On the 3 rows of suite ${SUITE} that both answered`);
  expect(stdout).toMatch(/relevance mean +4 +3 +−1 +−5\.3 to 3\.3/);
  expect(stdout).toMatch(/passed and fail now: 1; that failed and pass now: 0/);
  expect(stdout).toMatch(/q1 .*\n +question: How heavy.*\n +before: About two kilos\.\n +after: No idea\./);
  expect(stdout).toContain("relevance 4 → 1: It says nothing.");
  expect(requests.filter(({ path }) => path.includes("/rows"))).toHaveLength(5);
});

test("diff --json holds the same, and no number that JSON has not", async () => {
  const { environment } = await startFakePlatform(platform([flipped("q1")]));
  const words = ["diff", `shop@${OLD}`, `shop@${NEW}`, "--json"];
  const { code, stdout } = await flowgate(words, { environment });
  const found = JSON.parse(stdout) as Record<string, unknown>;
  expect(code).toBe(0);
  expect(found).toMatchObject({
    before: { version: OLD },
    after: { version: NEW },
    version: { files: [{ path: "chat.prompty", added: 1, removed: 1 }] },
    suite: { files: [], settings: [] },
    evaluated: { suite: SUITE, pairs: 1, broken: 1, mended: 0, flips: [{ id: "q1" }] },
  });
});

test("what names no version, and a flow without one in production, say what to give", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: undefined }) }),
  });
  const unknown = await flowgate(["diff", "prodution", "--flow", "shop"], { environment });
  expect([unknown.code, unknown.stderr]).toEqual([
    2,
    expect.stringContaining("prodution names no version. Give flow@id"),
  ]);
  const nothing = await flowgate(["diff", "--flow", "shop"], { environment });
  expect(nothing.stderr).toContain("Nothing of shop is in production yet.");
});

function steady(id: string): RowResult {
  return row(id, { value: 4, answer: "About two kilos." });
}

function flipped(id: string): RowResult {
  return row(id, { value: 1, answer: "No idea." });
}

function row(id: string, { value, answer }: { value: number; answer: string }): RowResult {
  const { row, candidate } = sampleRow();
  const scored = (value: number, answer: string): RowResult["candidate"] => ({
    ...candidate,
    answer,
    scores: { relevance: { value, passed: value >= 3, reason: value < 3 ? "It says nothing." : undefined } },
  });
  return {
    row: { ...row, id, cluster: id },
    trial: 0,
    candidate: scored(value, answer),
    baseline: scored(4, "About two kilos."),
  };
}

/** A platform whose version `bbbb…` was judged against `aaaa…`: each row a page of the plan's first shard. */
function platform(rows: RowResult[]): Record<string, Handler> {
  const stable = { version: OLD, suite: SUITE, run: "run-1", since: "2026-11-21T08:00:00.000Z" };
  const current = status();
  const release = { ...current.release, stable };
  const version = (id: string, sha256: string, run: string): VersionDetail => ({
    manifest: {
      flow: "shop",
      id,
      definition: { name: "shop", prompt: "chat.prompty", steps: [] },
      files: [{ path: "chat.prompty", sha256, bytes: 40 }],
      createdAt: "2026-11-21T08:00:00.000Z",
      commit: undefined,
    },
    runs: [{ run, suite: SUITE }],
  });
  const suite: SuiteManifest = {
    flow: "shop",
    id: SUITE,
    definition: { datasets: [], evaluators: [], trials: 1, cluster: undefined, gate: [] },
    judge: { model: "m", revisions: {} },
    files: [],
    rows: rows.length,
    clusters: { count: rows.length, largest: 1 },
    buckets: [],
    createdAt: "2026-11-21T08:00:00.000Z",
  };
  const api = "GET /api/flows/shop";
  const prompt = (words: string): string => `---\nname: shop\n---\nsystem:\n${words}\n`;
  const pages = Object.fromEntries(
    ["00", "01", "10", "11"].flatMap((shard, index, shards): [string, Handler][] => {
      const following = shards[index + 1];
      const after = following === undefined ? undefined : { shard: following, offset: 0 };
      const pages = index === 0 ? [rows.slice(0, 2), rows.slice(2)] : [[]];
      return pages.map((page, at) => {
        const answer: RunRows = { shard, rows: page, next: pages[at + 1] ? { shard, offset: 2 } : after };
        return [`${api}/runs/run-2/rows?shard=${shard}&offset=${at * 2}&top=200`, () => ({ json: answer })];
      });
    }),
  );
  return {
    ...pages,
    [api]: () => ({ json: { ...current, release } }),
    [`${api}/versions/${OLD}`]: () => ({ json: version(OLD, "1", "run-1") }),
    [`${api}/versions/${NEW}`]: () => ({ json: version(NEW, "2", "run-2") }),
    [`${api}/versions/${OLD}/file?path=chat.prompty`]: () => ({ text: prompt("Be kind.") }),
    [`${api}/versions/${NEW}/file?path=chat.prompty`]: () => ({ text: prompt("Be brief.") }),
    [`${api}/suites/${SUITE}`]: () => ({ json: suite }),
    [`${api}/runs/run-2`]: () => ({ json: runDetail() }),
  };
}
