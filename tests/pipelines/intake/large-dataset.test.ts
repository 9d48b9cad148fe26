import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { storeSnapshot } from "../../../pipelines/intake/store-snapshot.ts";
import { knownNames } from "../../../shared/evaluators/known-names.ts";
import { filesWithLarge } from "../../../shared/flow/files-with-large.ts";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";
import type { FlowFiles, LargeFile } from "../../../shared/model/flow.ts";
import type { DatasetRow, SuiteManifest } from "../../../shared/model/version.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { bucketBits, bucketOf } from "../../../shared/registry/row-buckets.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createStillClock } from "../../fakes/still-clock.ts";
import { createIntakeWorld, FLOW } from "./intake-world.ts";

const ROWS = 12_000;
const DATA = "data/rows.jsonl";
const TEXTS: Record<string, string> = {
  "flow.yaml": `name: ${FLOW}
prompt: chat.prompty
evaluation:
  datasets: [${DATA}]
  evaluators: [exact_match, relevance]
  cluster: thread
  counterfactuals: [{ name: gender, swap: [[he, she]] }]
gate: { latency: { max: "<= 60m" }, fairness: { of: exact_match, counterfactual: gender, gap: "<= 0.3" } }
`,
  "chat.prompty": "---\ninputs:\n  question: { type: string }\n---\nuser:\n{{ question }}\n",
  "data/labels.jsonl": '{"row": "row-7", "answer": "4", "scores": {"relevance": 4}, "by": "Maya"}\n',
};

function rowAt(index: number): Record<string, unknown> {
  const question = `What does ${index % 5 === 0 ? "he" : "it"} carry in bag ${index} of ${"many ".repeat(10)}bags?`;
  const thread = index % 3 === 0 ? { thread: `thread ${index % 700}` } : {};
  return { id: `row-${index}`, question, ground_truth: `${index} kg`, ...thread };
}

/** The flow's files with a dataset whose lines may be altered; as held ones, and with the dataset in pieces. */
function filesOf(alter: (lines: string[]) => void = () => undefined): { held: FlowFiles; large: FlowFiles } {
  const lines = Array.from({ length: ROWS }, (_, index) => JSON.stringify(rowAt(index)));
  alter(lines);
  const bytes = Buffer.from(`${lines.join("\n")}\n`, "latin1");
  const others = new Map(Object.entries(TEXTS).map(([name, text]) => [name, Buffer.from(text)]));
  const names = [...others.keys(), DATA].sort();
  const held = new Map(names.map((name) => [name, others.get(name) ?? bytes]));
  return { held, large: filesWithLarge(others, new Map([[DATA, inPieces(bytes)]])) };
}

/** In pieces of a length that no line has. */
function inPieces(bytes: Buffer): LargeFile {
  return {
    bytes: bytes.length,
    *pieces() {
      for (let at = 0; at < bytes.length; at += 100_003) yield Buffer.from(bytes.subarray(at, at + 100_003));
    },
  };
}

describe("a dataset in pieces", () => {
  const check = (files: FlowFiles) => validateFlow(files, knownNames());

  test("is valid as one that is held is", () => {
    const { held, large } = filesOf();
    expect(check(large)).toEqual(check(held));
    expect(check(large).diagnostics).toEqual([]);
  });

  test.each<[what: string, line: number, written: string, message: RegExp, severity?: "warning" | "error"]>([
    ["no JSON", 9_000, '{"question": }', /This is not JSON/],
    [
      "a key",
      9_000,
      '{"question": "AKIAABCDEFGHIJKLMNOP", "ground_truth": "4"}',
      /looks like an access key of AWS/,
    ],
    [
      "an id that is taken",
      9_000,
      JSON.stringify(rowAt(17)),
      /The id row-17 is taken by data\/rows.jsonl:18/,
    ],
    ["another type", 9_000, '{"question": 3, "ground_truth": "4"}', /here stands the number 3/, "warning"],
    ["no ground truth", 9_000, '{"question": "Hm?"}', /1 of 12000 rows lack: data\/rows.jsonl:9000\./],
    ["no UTF-8", 9_000, '{"question": "\u00e9", "ground_truth": "4"}', /not valid UTF-8/],
    ["no input", 12_000, '{"id": "a", "ground_truth": "4"}', /The row has no input/],
  ])(
    "with %s in line %i is told of with the same place as one that is held",
    (_what, line, written, message, severity = "error") => {
      const { held, large } = filesOf((lines) => {
        lines[line - 1] = written;
      });
      const found = check(large).diagnostics;
      expect(found).toEqual(check(held).diagnostics);
      expect(found.filter((one) => one.severity === severity)).toEqual([
        expect.objectContaining({ message: expect.stringMatching(message) }),
      ]);
    },
  );

  test("makes the version and the suite that one which is held makes, blob for blob", async () => {
    const { held, large } = filesOf();
    const stored = async (files: FlowFiles): Promise<Record<string, string>> => {
      const clock = createStillClock();
      const store = createMemoryBlobStore(clock.now);
      const { definition } = check(files);
      if (!definition) throw new Error("The flow is not valid.");
      const copy = { files, fingerprint: "", commit: undefined, openPush: undefined, oversized: [] };
      const disposable = { ...copy, [Symbol.dispose]: () => undefined };
      await storeSnapshot(FLOW, definition, disposable, {
        store,
        clock,
        judgeModel: "test/judge",
        embeddingModel: "test/embedding",
      });
      return contents(store);
    };
    const [ofHeld, ofLarge] = [await stored(held), await stored(large)];
    expect(ofLarge).toEqual(ofHeld);
    const rows = Object.entries(ofLarge).filter(([name]) => name.includes("/rows/"));
    const lines = rows.flatMap(([, text]) => text.trim().split("\n"));
    expect(new Set(lines).size).toBe(ROWS + 1_000);
    expect(rows.length).toBeGreaterThan(200);
    const manifest =
      Object.entries(ofLarge).find(([name]) => /suites\/[^/]+\/manifest/.test(name))?.[1] ?? "";
    const { buckets, clusters } = JSON.parse(manifest) as SuiteManifest;
    expect(clusters).toEqual({ count: 8_000 + 700, largest: 6 });
    for (const { name, rows: count, as } of buckets) {
      const text = rows.find(([blob]) => blob.endsWith(`/rows/${name}.jsonl`))?.[1] ?? "";
      const members = text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as DatasetRow);
      expect(members).toHaveLength(count);
      const bits = bucketBits(as === "quality" ? ROWS : 1_000);
      expect(new Set(members.map((row) => bucketOf(row, bits)))).toEqual(new Set([name]));
    }
  });
});

async function contents(store: BlobStore): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name } of store.list("registry", ""))
    found[name] = (await store.read("registry", name))?.body.toString() ?? "";
  return found;
}

test("intake reads a large dataset in pieces and leaves none of them behind", async () => {
  const world = createIntakeWorld();
  const read: string[] = [];
  const { read: readWhole } = world.store;
  world.store.read = (container, name) => {
    read.push(name);
    return readWhole.call(world.store, container, name);
  };
  for (const [name, bytes] of filesOf().held) await world.write(name, Buffer.from(bytes).toString());
  await world.write(".commit.json", "{}");
  await world.changed(".commit.json");
  expect((await world.state())?.outcome.kind).toBe("accepted");
  expect((await world.suites()).map(({ rows }) => rows)).toEqual([ROWS]);
  expect(read.filter((name) => name.endsWith(DATA))).toEqual([]);
  expect([world.spool.kept(), world.spool.open()]).toEqual([1, 0]);
});

test("a dataset that changes while it is read is read again", async () => {
  const world = createIntakeWorld();
  const { readPieces } = world.store;
  let times = 0;
  world.store.readPieces = async function* (container, name, etag) {
    times += 1;
    if (times === 1) await world.write(DATA, Buffer.from(filesOf().held.get(DATA) ?? []).toString());
    yield* readPieces.call(world.store, container, name, etag);
  };
  for (const [name, bytes] of filesOf().held) await world.write(name, Buffer.from(bytes).toString());
  await world.write(".commit.json", "{}");
  await world.changed(".commit.json");
  expect(times).toBe(2);
  expect((await world.state())?.outcome.kind).toBe("accepted");
  expect([world.spool.kept(), world.spool.open()]).toEqual([1, 0]);
});

test.each(["jsonl", "csv", "json"])(
  "twenty thousand rows of a kilobyte in a .%s file pass in a heap that does not hold them",
  async (kind) => {
    const script = path.join(import.meta.dirname, "take-many-rows.ts");
    const run = promisify(execFile)(process.execPath, ["--max-old-space-size=38", script, "20000", kind]);
    expect(JSON.parse((await run).stdout)).toEqual({ outcome: "accepted", rows: 20_000, largest: 1 });
  },
  120_000,
);
