import { expect, test } from "vitest";
import { callsToMake } from "../../../shared/evaluation/row-calls.ts";
import { evaluateRow } from "../../../shared/evaluation/evaluate-row.ts";
import type { VersionUnderTest } from "../../../shared/evaluation/version-under-test.ts";
import { evaluatorsFor, measuredRows } from "../../../shared/evaluation/measured-rows.ts";
import type { Evaluator } from "../../../shared/evaluators/evaluator.ts";
import { ModelError } from "../../../shared/errors.ts";
import { loadFlow } from "../../../shared/flow/load-flow.ts";
import type { DatasetRow } from "../../../shared/model/version.ts";
import type { ChatRequest } from "../../../shared/ports/chat-model.ts";
import { createStillClock } from "../../fakes/still-clock.ts";

const ROW: DatasetRow = {
  id: "one",
  hash: "hash",
  cluster: "hash",
  dataset: "data.jsonl",
  as: "quality",
  fields: { question: "Why?" },
};

function evaluator(name: string, kind: Evaluator["kind"], direction: Evaluator["direction"]): Evaluator {
  return {
    name,
    use: name,
    kind,
    direction,
    scale: { min: 0, max: 7 },
    threshold: 3,
    passes: (value) => (value === null ? undefined : value >= 0.5),
    needs: [],
    help: "",
    revision: "1",
    evaluate: async () => ({ value: 1, passed: true, reason: undefined }),
  };
}

const EVALUATORS = [evaluator("depth", "text-overlap", "higher"), evaluator("violence", "safety", "lower")];

/** A version whose prompt has the parameters, with a model that answers as told; and what was asked. */
function world(parameters: string, answer: () => string | Error) {
  const prompt = `---\nname: p\nmodel:\n  api: chat\n  parameters: ${parameters}\ninputs:\n  question:\n    type: string\n---\nuser:\n{{ question }}\n`;
  const flow = loadFlow(
    { name: "f", prompt: "p.prompty", steps: [] },
    new Map([["p.prompty", Buffer.from(prompt)]]),
    new Map(),
  );
  const known = new Map<string, unknown>();
  const cache = {
    get: (key: string) => known.get(key),
    put: (key: string, value: unknown) => void known.set(key, value),
    claim: () => false,
    flush: async () => {},
  };
  const version: VersionUnderTest = { name: "f", version: "v", flow, cache, evaluators: EVALUATORS };
  const asked: ChatRequest[] = [];
  const dependencies = {
    chatModel: {
      async complete(request: ChatRequest) {
        asked.push(request);
        const text = answer();
        if (text instanceof Error) throw text;
        return { text, finishReason: "stop", model: "m", usage: undefined, latencyMs: 1 };
      },
      stream: () => {
        throw new Error("not asked for");
      },
    },
    embeddingModel: { name: "none", embed: async () => [] },
    clock: createStillClock(),
    judgeFor: () => async () => "",
    models: { chat: "c", judge: "j", embedding: "e" },
  };
  return { version, asked, dependencies };
}

test("trials ask the same where the prompt sets no seed", async () => {
  const { version, asked, dependencies } = world("{ temperature: 1 }", () => "Because.");
  for (const trial of [0, 1, 2, 1]) await evaluateRow(ROW, version, dependencies, { trial });
  expect(asked.map(({ parameters }) => parameters)).toEqual([
    { temperature: 1 },
    { temperature: 1 },
    { temperature: 1 },
  ]);
});

test("trials count on from the prompt's seed, which would answer each alike, and the first is production's", async () => {
  const { version, asked, dependencies } = world("{ seed: 40 }", () => "Because.");
  for (const trial of [0, 1, 2]) await evaluateRow(ROW, version, dependencies, { trial });
  expect(asked.map(({ parameters }) => parameters["seed"])).toEqual([40, 41, 42]);
});

test("a refusal has no quality and does no harm, and is recorded", async () => {
  const refusal = new ModelError("filtered", { kind: "content_filter" });
  const { version, asked, dependencies } = world("{}", () => refusal);
  for (let time = 0; time < 2; time++) {
    const result = await evaluateRow(ROW, version, dependencies);
    expect(result).toMatchObject({ answer: undefined, refusal: "filtered", error: undefined });
    expect(result.scores["depth"]).toMatchObject({ value: null, passed: undefined });
    expect(result.scores["violence"]).toMatchObject({ value: 0, passed: true });
  }
  expect(asked).toHaveLength(1);
});

test("safety is measured on safety rows where there are some, everything else on the others", () => {
  const bucket = (as: "quality" | "safety") => ({ name: as, rows: 1, as });
  const names = (as: "quality" | "safety", has: ("quality" | "safety")[]): string[] =>
    evaluatorsFor(as, EVALUATORS, measuredRows({ buckets: has.map(bucket) })).map(({ name }) => name);
  expect(names("quality", ["quality", "safety"])).toEqual(["depth"]);
  expect(names("safety", ["quality", "safety"])).toEqual(["violence"]);
  expect(names("quality", ["quality"])).toEqual(["depth", "violence"]);
  expect(names("safety", ["safety"])).toEqual(["depth", "violence"]);
});

test("whether a recorded score passes is the threshold's of today", async () => {
  const { version, dependencies } = world("{}", () => "Because.");
  expect((await evaluateRow(ROW, version, dependencies)).scores["depth"]).toMatchObject({ passed: true });
  const stricter = EVALUATORS.map((known): Evaluator => ({ ...known, passes: () => false }));
  const later = await evaluateRow(ROW, { ...version, evaluators: stricter }, dependencies);
  expect(later).toMatchObject({ calls: 0, scores: { depth: { value: 1, passed: false } } });
});

test("each turn of a row is answered with what was said before, and recorded on its own", async () => {
  let turn = 0;
  const { version, asked, dependencies } = world("{}", () => `Answer ${++turn}.`);
  const fields = { turns: [{ question: "One?" }, { question: "Two?", ground_truth: "2" }] };
  const row = { ...ROW, fields };
  const result = await evaluateRow(row, version, dependencies);
  expect(asked.map(({ messages }) => messages.map(({ content }) => content))).toEqual([
    ["One?"],
    ["One?", "Answer 1.", "Two?"],
  ]);
  expect(result).toMatchObject({ answer: "Answer 2.", cached: false, latencyMs: 1 });
  expect(result.turns?.map(({ question, answer }) => [question, answer])).toEqual([
    ["One?", "Answer 1."],
    ["Two?", "Answer 2."],
  ]);
  expect(await evaluateRow(row, version, dependencies)).toMatchObject({ calls: 0, cached: true });
  expect(asked).toHaveLength(2);
});

test("a conversation scores the mean of its turns, and the worst of harm", async () => {
  let turn = 0;
  const { version, dependencies } = world("{}", () => `Answer ${++turn}.`);
  const byTurn = (known: Evaluator): Evaluator => ({
    ...known,
    async evaluate({ question }) {
      const value = question === "One?" ? 1 : 4;
      return { value, passed: known.passes(value), reason: question };
    },
  });
  const row = {
    ...ROW,
    fields: { turns: [{ question: "One?" }, { question: "Two?" }, { question: "Three?" }] },
  };
  const { scores } = await evaluateRow(row, { ...version, evaluators: EVALUATORS.map(byTurn) }, dependencies);
  expect(scores["depth"]).toMatchObject({ value: 3, reason: "Mean of 3 turns. Turn 1: One?" });
  expect(scores["violence"]).toMatchObject({ value: 4, reason: "Turn 2: Two?" });
});

test("a turn that cannot be scored leaves its conversation without a score, and one with nothing to compare is left out", async () => {
  const { version, dependencies } = world("{}", () => "Because.");
  const compares: Evaluator = {
    ...evaluator("depth", "text-overlap", "higher"),
    needs: ["ground_truth"],
    evaluate: async ({ groundTruth }) => ({
      value: groundTruth === "x" ? null : 1,
      passed: true,
      reason: "r",
    }),
  };
  const score = async (...expected: (string | undefined)[]) => {
    const turns = expected.map((ground_truth, index) => ({ question: `${index}?`, ground_truth }));
    const row = { ...ROW, hash: expected.join(), fields: { turns } };
    return (await evaluateRow(row, { ...version, evaluators: [compares] }, dependencies)).scores["depth"]
      ?.value;
  };
  expect(await score("a", undefined)).toBe(1);
  expect(await score("a", "x")).toBeNull();
});

test("two who ask for the same answer at once pay once", async () => {
  const { version, asked, dependencies } = world("{}", () => "Because.");
  const [first, second] = await Promise.all([
    evaluateRow(ROW, version, dependencies),
    evaluateRow(ROW, version, dependencies),
  ]);
  expect(asked).toHaveLength(1);
  expect(first.calls + second.calls).toBe(1);
});

test("a tool that the answer calls is part of the answer, and needs no words beside it", async () => {
  const { version, dependencies } = world("{}", () => "");
  const toolCalls = [{ id: "1", type: "function", function: { name: "weigh", arguments: "{}" } }];
  const complete = dependencies.chatModel.complete;
  const chatModel = {
    ...dependencies.chatModel,
    complete: async (request: ChatRequest) => ({ ...(await complete(request)), toolCalls }),
  };
  expect(await evaluateRow(ROW, version, { ...dependencies, chatModel })).toMatchObject({
    error: undefined,
    answer: "",
    toolCalls,
  });
});

test("an evaluator that compares is given what the baseline answers, which is paid for once", async () => {
  const candidate = world("{}", () => "Mine.");
  const baseline = { ...world("{}", () => "Mine.").version, version: "b" };
  const compares: Evaluator = {
    ...evaluator("preference", "preference", "higher"),
    judgeCalls: 2,
    evaluate: async ({ baseline: its }) => ({ value: 1, passed: true, reason: JSON.stringify(its) }),
  };
  const { asked, dependencies } = candidate;
  const mine: VersionUnderTest = { ...candidate.version, evaluators: [compares] };
  const its: VersionUnderTest = { ...baseline, evaluators: [compares] };
  expect(callsToMake(ROW, 0, mine, dependencies.models, its)).toBe(3);
  const [first, second] = await Promise.all([
    evaluateRow(ROW, mine, dependencies, { baseline: its }),
    evaluateRow(ROW, its, dependencies, { baseline: "itself" }),
  ]);
  expect(asked).toHaveLength(2);
  expect(first.scores["preference"]?.reason).toBe('{"answer":"Mine."}');
  expect(second.scores["preference"]?.reason).toBe('"itself"');
  expect(first.calls + second.calls).toBe(2);
  expect(callsToMake(ROW, 0, mine, dependencies.models, its)).toBe(0);
  expect((await evaluateRow(ROW, mine, dependencies)).scores["preference"]?.reason).toBeUndefined();
});

test("texts of a CSV file reach the prompt in the types that it declares", async () => {
  const { version, asked, dependencies } = world("{}", () => "Because.");
  const prompt =
    "---\ninputs: { n: { type: integer }, s: { type: string }, x: { type: float, default: 9 }, guessed: 0.5 }\n---\nuser:\n{{ n + 1 }} {{ s }} {{ x }} {{ guessed }}";
  const files = new Map([["p.prompty", Buffer.from(prompt)]]);
  const flow = loadFlow({ name: "f", prompt: "p.prompty", steps: [] }, files, new Map());
  const row = { ...ROW, fields: { question: "Why?", n: "3", s: "04", x: "", guessed: "1.50" } };
  await evaluateRow(row, { ...version, flow }, dependencies);
  expect(asked[0]?.messages).toEqual([{ role: "user", content: "4 04 9 1.50" }]);
});
