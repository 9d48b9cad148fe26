import { expect, test } from "vitest";
import { bindEvaluator } from "../../../shared/evaluators/bind-evaluator.ts";
import type { EvaluatorInput, EvaluatorTools } from "../../../shared/evaluators/evaluator.ts";

const f1Score = bindEvaluator({ name: "f1_score", use: "f1_score" });
const exactMatch = bindEvaluator({ name: "exact_match", use: "exact_match" });

const refuse = (): Promise<never> => Promise.reject(new Error("text overlap asks nothing of the world"));
const noJudge: EvaluatorTools = { judge: refuse, embed: refuse };

function input(answer: string, groundTruth: string | undefined): EvaluatorInput {
  return { question: "q", answer, context: "", groundTruth, documents: [], fields: {}, options: {} };
}

test.each([
  // [answer, ground truth, shared / answer's words / expected words, f1]
  ["The cat sat on the mat.", "the cat sat on the mat", 1],
  // 3 shared of 5 and 4: 2 * 3 / 9
  ["the quick brown fox jumps high", "A quick fox jumps over", 2 / 3],
  // "Saint Bernadette Soubirous" against the longer span, a usual SQuAD example: 3 shared of 4 and 3: 6 / 7
  ["to Saint Bernadette Soubirous", "Saint Bernadette Soubirous", 6 / 7],
  // a word counts as often as both have it: 2 shared of 3 and 2: 4 / 5
  ["red red red", "red red", 0.8],
  ["completely different", "words here", 0],
  // punctuation joins and does not split, currency signs go: well-known -> wellknown, $289.00 -> 28900
  ["It costs $289.00; a well-known price", "costs 28900 wellknown", (2 * 3) / (5 + 3)],
  ["“Größe”: 3 kg!", "größe 3 kg", 1],
  ["the", "cat", 0],
])("f1 of %j against %j is %d", async (answer, groundTruth, expected) => {
  const score = await f1Score.evaluate(input(answer, groundTruth), noJudge);
  expect(score.value).toBeCloseTo(expected, 12);
  expect(score.passed).toBe(expected >= 0.5);
});

test.each([
  ["The Ridgeline 2 Tent.", "ridgeline 2 tent", 1],
  ["Yes", "Yes, it is", 0],
])("exact match of %j against %j is %d", async (answer, groundTruth, expected) => {
  const score = await exactMatch.evaluate(input(answer, groundTruth), noJudge);
  expect(score).toMatchObject({ value: expected, passed: expected === 1 });
});

test.each([
  ["", "something", /no answer/],
  ["  \n", "something", /no answer/],
  ["something", undefined, /ground_truth/],
  ["something", " ", /ground_truth/],
  ["something", "?!", /no words/],
])("what cannot be scored is null with the reason: %j against %j", async (answer, groundTruth, reason) => {
  for (const evaluator of [f1Score, exactMatch]) {
    const score = await evaluator.evaluate(input(answer, groundTruth), noJudge);
    expect(score).toEqual({ value: null, passed: undefined, reason: expect.stringMatching(reason) });
  }
});
