import fc from "fast-check";
import { expect, test } from "vitest";
import { fuseRanks } from "../../../shared/flow/fuse-ranks.ts";
import { createKeywordIndex, searchWords } from "../../../shared/flow/keyword-index.ts";
import { knowledgeText, vectorSets } from "../../../shared/flow/knowledge-text.ts";
import { loadFlow } from "../../../shared/flow/load-flow.ts";
import { nearestVectors, rankVectors } from "../../../shared/flow/nearest-vectors.ts";
import { prepareTurn } from "../../../shared/flow/prepare-turn.ts";
import type { RetrieveStep } from "../../../shared/model/flow.ts";
import { scriptedModels } from "./scripted-models.ts";

test("BM25 scores what its formula says, worked out by hand", () => {
  const index = createKeywordIndex([{ t: "a b" }, { t: "a a b c" }, { t: "d" }], undefined);
  // N = 3, n = 2: idf = ln(1.6); average length 7/3.
  const found = index.search("A?");
  expect(found.map(({ index }) => index)).toEqual([1, 0]);
  expect(found[0]?.score).toBeCloseTo(0.538145, 5);
  expect(found[1]?.score).toBeCloseTo(0.499176, 5);
});

test("a word asked twice counts once, and a query without a known word finds nothing", () => {
  const index = createKeywordIndex([{ t: "tent" }, { t: "lamp" }], undefined);
  expect(index.search("tent tent")).toEqual(index.search("tent"));
  expect(index.search("stove")).toEqual([]);
  expect(index.search("!? ")).toEqual([]);
  expect(createKeywordIndex([], undefined).search("tent")).toEqual([]);
});

test("keywords are found in every part of a record, or in the fields that are named", () => {
  const records = [{ sku: "AB-12", tags: ["Zelt", { deep: "été" }], stock: 7 }, { sku: "CD-3" }];
  const all = createKeywordIndex(records, undefined);
  for (const query of ["ab-12", "ZELT", "ÉTÉ", "7"]) expect(all.search(query)[0]?.index).toBe(0);
  expect(createKeywordIndex(records, ["sku"]).search("zelt")).toEqual([]);
  expect(createKeywordIndex(records, ["tags"]).search("zelt")).toHaveLength(1);
});

test("text without spaces is searched by pairs of characters", () => {
  expect(searchWords("軽いテントX2")).toEqual(["軽い", "いテ", "テン", "ント", "x2"]);
  expect(createKeywordIndex([{ t: "灯り" }, { t: "軽いテント" }], undefined).search("テント")[0]?.index).toBe(
    1,
  );
});

test("reciprocal rank fusion adds 1 / (60 + rank) over the lists", () => {
  const list = (...indices: number[]) => indices.map((index) => ({ index, score: 1 }));
  const fused = fuseRanks([list(7, 8, 9), list(9, 7)]);
  expect(fused.map(({ index }) => index)).toEqual([7, 9, 8]);
  expect(fused.map(({ score }) => score)).toEqual([1 / 61 + 1 / 62, 1 / 63 + 1 / 61, 1 / 62]);
});

test("the nearest vectors are those that a full sort puts first", () => {
  const vector = fc
    .array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 2 })
    .map((values) => Float32Array.from(values));
  fc.assert(
    fc.property(
      vector,
      fc.array(vector),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: -9, max: 9 }),
      (query, vectors, top, least) => {
        const sorted = rankVectors(query, vectors, least).map(({ index }) => index);
        expect(nearestVectors(query, vectors, top, least)).toEqual(sorted.slice(0, top));
      },
    ),
  );
});

const RECORDS = `{"id": "P1", "name": "Duo tent", "text": "A light tent."}
{"id": "P2", "name": "Trail stove", "text": "Boils water."}
{"id": "P3", "name": "Camp lamp", "text": "Gives light."}
`;
const VECTORS = [
  [1, 0],
  [0.8, 0.6],
  [0, 1],
].map((values) => Float32Array.from(values));

async function found(
  step: Partial<RetrieveStep>,
  query: string,
): Promise<{ ids: string[]; embedded: number }> {
  const retrieve: RetrieveStep = {
    kind: "retrieve",
    name: "d",
    source: "k.jsonl",
    query: "{{ q }}",
    top: 3,
    ...step,
  };
  const files = { "chat.prompty": "user:\n{{ q }}", "k.jsonl": RECORDS };
  const bytes = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  const definition = { name: "shop", prompt: "chat.prompty", steps: [retrieve] };
  const vectors = new Map(vectorSets(definition).map(({ key }) => [key, VECTORS]));
  const models = scriptedModels({ embed: () => [1, 0] });
  const call = { flow: "shop", version: undefined, purpose: "answer" } as const;
  const { documents } = await prepareTurn(
    loadFlow(definition, new Map(bytes), vectors),
    { q: query },
    models,
    call,
  );
  return { ids: documents.map(({ id }) => id), embedded: models.embedded.length };
}

test("by meaning alone unless the step says otherwise", async () => {
  expect(await found({}, "light")).toEqual({ ids: ["P1", "P2", "P3"], embedded: 1 });
});

test("by words: only records that share one, and nothing is embedded", async () => {
  expect(await found({ mode: "keyword" }, "stove P3")).toEqual({ ids: ["P2", "P3"], embedded: 0 });
});

test("by both: what is good in either list comes before what is middling in one", async () => {
  expect((await found({ mode: "hybrid" }, "camp lamp")).ids).toEqual(["P3", "P1", "P2"]);
  expect((await found({ mode: "hybrid", top: 1 }, "camp lamp")).ids).toEqual(["P3"]);
});

test("a least score drops what fits badly, in each mode", async () => {
  expect((await found({ minimumScore: 0.7 }, "x")).ids).toEqual(["P1", "P2"]);
  expect((await found({ mode: "hybrid", minimumScore: 0.7 }, "camp lamp")).ids).toEqual(["P1", "P2"]);
  expect((await found({ mode: "keyword", minimumScore: 50 }, "camp")).ids).toEqual([]);
});

test("an empty query finds nothing and costs nothing", async () => {
  for (const mode of ["vector", "keyword", "hybrid"] as const) {
    expect(await found({ mode }, "  ")).toEqual({ ids: [], embedded: 0 });
  }
});

test("fields decide what is embedded, in their order; the same source may be embedded in two ways", () => {
  const record = { id: "P1", name: "Tent", size: { cm: 40 }, tags: ["a", "b"] };
  expect(knowledgeText(record, ["tags", "size.cm", "gone"])).toBe("tags: a, b\nsize.cm: 40");
  const step = (name: string, more: object) => ({
    kind: "retrieve" as const,
    name,
    source: "k.jsonl",
    query: "x",
    top: 3,
    ...more,
  });
  const sets = vectorSets({
    steps: [
      step("a", {}),
      step("b", { fields: ["name"] }),
      step("c", { fields: ["name"] }),
      step("d", { mode: "keyword" }),
    ],
  });
  expect(sets.map(({ source, fields }) => [source, fields])).toEqual([
    ["k.jsonl", undefined],
    ["k.jsonl", ["name"]],
  ]);
});
