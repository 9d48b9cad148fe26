import { expect, test } from "vitest";
import { bindEvaluator } from "../../../shared/evaluators/bind-evaluator.ts";
import type { EvaluatorName, EvaluatorTools } from "../../../shared/evaluators/evaluator.ts";
import { readOptions } from "../../../shared/evaluators/read-options.ts";
import type { Score } from "../../../shared/model/run.ts";
import { computingTime } from "../computing-time.ts";

const refuse = (): Promise<never> => Promise.reject(new Error("checks ask nothing of the world"));
const tools: EvaluatorTools = { judge: refuse, embed: refuse };

/** Scores an answer with an evaluator whose options are read as a flow's are. */
async function score(
  use: EvaluatorName,
  written: Record<string, unknown>,
  row: { answer?: string; fields?: Record<string, unknown>; documents?: string[]; groundTruth?: string },
): Promise<Score> {
  const read = readOptions(use, written);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  const input = {
    question: "q",
    answer: "a",
    context: "",
    groundTruth: undefined,
    documents: [],
    fields: {},
  };
  return bindEvaluator({ name: use, use, options: read.options }).evaluate({ ...input, ...row }, tools);
}

test("contains counts what is there, in any case", async () => {
  const answer = "The Skylark weighs 1.9 kg.";
  expect(await score("contains", { text: "skylark" }, { answer })).toMatchObject({ value: 1, passed: true });
  expect(await score("contains", { text: ["1.9 kg", "$289"] }, { answer })).toEqual({
    value: 0.5,
    passed: false,
    reason: 'It lacks "$289".',
  });
  expect(await score("contains", { text: ["1.9 kg", "$289"], any: true }, { answer })).toMatchObject({
    value: 1,
  });
  expect(await score("contains", { text: "skylark", ignoreCase: false }, { answer })).toMatchObject({
    value: 0,
  });
  expect(await score("contains", { text: "sorry", absent: true }, { answer })).toMatchObject({ value: 1 });
  expect(await score("contains", {}, { answer, fields: { contains: "kg" } })).toMatchObject({ value: 1 });
  expect(await score("contains", {}, { answer })).toMatchObject({ value: null, passed: undefined });
});

test("a regular expression that would run for ever elsewhere is linear here", async () => {
  const answer = `${"a".repeat(50_000)}!`;
  const took = await computingTime(async () => {
    const found = await score("regex", { pattern: "^(a+)+$" }, { answer });
    expect(found).toMatchObject({ value: 0, passed: false });
  });
  expect(took).toBeLessThan(5_000);
});

test("a regular expression is found anywhere, and may be one that must not be", async () => {
  const answer = "It costs $289.00.";
  expect(await score("regex", { pattern: String.raw`\$\d+` }, { answer })).toMatchObject({ value: 1 });
  expect(await score("regex", { pattern: "COSTS", ignoreCase: true }, { answer })).toMatchObject({
    value: 1,
  });
  expect(await score("regex", { pattern: "€", absent: true }, { answer })).toMatchObject({ value: 1 });
  expect(await score("regex", {}, { answer, fields: { regex: "(" } })).toMatchObject({ value: null });
});

test("what cannot be read is refused where the flow is read", () => {
  expect(readOptions("regex", { pattern: "(" })).toMatchObject({ problems: [{ path: ["pattern"] }] });
  expect(readOptions("json_schema", { schema: { type: "objekt" } })).toMatchObject({
    problems: [{ path: ["schema"], message: expect.stringContaining("cannot be read") }],
  });
  expect(readOptions("rouge", { variant: "rouge9" })).toMatchObject({ problems: [{ path: ["variant"] }] });
  expect(readOptions("ndcg", { k: 0 })).toMatchObject({ problems: [{ path: ["k"] }] });
});

test("JSON fits a schema or says where it does not, in a code fence too", async () => {
  const schema = {
    type: "object",
    required: ["kind"],
    properties: { kind: { enum: ["refund", "order"] }, id: { type: "string", pattern: "^(a+)+$" } },
  };
  const fits = '```json\n{"kind": "order"}\n```';
  expect(await score("json_schema", { schema }, { answer: fits })).toMatchObject({ value: 1, passed: true });
  expect(await score("json_schema", { schema }, { answer: '{"kind": "other"}' })).toMatchObject({
    value: 0,
    reason: expect.stringContaining("/kind"),
  });
  expect(await score("json_schema", { schema }, { answer: "order" })).toMatchObject({
    value: 0,
    reason: expect.stringContaining("not JSON"),
  });
  const hostile = JSON.stringify({ kind: "order", id: `${"a".repeat(50_000)}!` });
  expect(await score("json_schema", { schema }, { answer: hostile })).toMatchObject({ value: 0 });
});

test("the similarity of meaning is the cosine, never below 0", async () => {
  const vectors = (...values: number[][]): EvaluatorTools => ({
    judge: refuse,
    embed: async () => values.map((vector) => Float32Array.from(vector)),
  });
  const evaluator = bindEvaluator({ name: "embedding_similarity", use: "embedding_similarity" });
  const row = { question: "q", answer: "a", context: "", groundTruth: "b", documents: [], fields: {} };
  expect(await evaluator.evaluate(row, vectors([1, 0], [0.8, 0.6]))).toMatchObject({
    value: expect.closeTo(0.8, 6),
  });
  expect(await evaluator.evaluate(row, vectors([1, 0], [-1, 0]))).toMatchObject({ value: 0, passed: false });
  expect(await evaluator.evaluate({ ...row, groundTruth: undefined }, tools)).toMatchObject({ value: null });
});

// scikit-learn's example of `ndcg_score`: true relevance 10, 0, 0, 1, 5 ranked by 0.1, 0.2, 0.3, 4, 70 is 0.69569...
test("nDCG agrees with scikit-learn's documentation", async () => {
  const fields = { relevant_documents: { a: 10, b: 0, c: 0, d: 1, e: 5 } };
  const documents = ["e", "d", "c", "b", "a"];
  const { value } = await score("ndcg", { k: 5 }, { documents, fields });
  expect(value).toBeCloseTo(0.6956940443813076, 9);
});

test("recall, precision and holes count the first k documents once each", async () => {
  const fields = { relevant_documents: { a: 1, b: 2, c: 0 } };
  const documents = ["a", "a", "x", "c", "b"];
  expect(await score("recall", { k: 3 }, { documents, fields })).toMatchObject({ value: 0.5 });
  expect(await score("precision", { k: 3 }, { documents, fields })).toMatchObject({ value: 1 / 3 });
  expect(await score("holes", { k: 3 }, { documents, fields })).toMatchObject({ value: 1 / 3, passed: true });
  expect(await score("recall", {}, { documents: [], fields })).toMatchObject({ value: 0 });
  expect(await score("precision", { k: 5 }, { documents, fields })).toMatchObject({ value: 2 / 5 });
  expect(await score("precision", { k: 4 }, { documents: ["a"], fields })).toMatchObject({ value: 1 / 4 });
  expect(await score("precision", {}, { documents: [], fields })).toMatchObject({ value: 0 });
  expect(await score("holes", {}, { documents: [], fields })).toMatchObject({ value: 0 });
  expect(await score("recall", {}, { documents })).toMatchObject({ value: null });
});

test("relevance as Azure AI Evaluation writes it is read too", async () => {
  const fields = { retrieval_ground_truth: [{ document_id: "a", query_relevance_label: 4 }] };
  expect(await score("ndcg", {}, { documents: ["a"], fields })).toMatchObject({ value: 1, passed: true });
});
