import { expect, test } from "vitest";
import { bindEvaluator } from "../../../shared/evaluators/bind-evaluator.ts";
import type { EvaluatorInput, EvaluatorTools } from "../../../shared/evaluators/evaluator.ts";

const preference = bindEvaluator({ name: "preference", use: "preference" });
const INPUT: Omit<EvaluatorInput, "options"> = {
  question: "What does the tent weigh?",
  answer: "It weighs 1.9 kg.",
  context: "Tent: 1.9 kg",
  groundTruth: undefined,
  documents: [],
  baseline: { answer: "It weighs 5 kg." },
  fields: {},
};

/** A judge that scores by the two answers it is shown, in their order. */
function judging(score: (a: string, b: string) => number | string) {
  let asked = 0;
  const tools: EvaluatorTools = {
    embed: () => Promise.reject(new Error("asks for no vectors")),
    async judge({ messages }) {
      asked += 1;
      const user = messages[1]?.content as string;
      const shown = (name: string): string =>
        new RegExp(`<${name}>\\n([\\s\\S]*?)\\n</${name}>`).exec(user)?.[1] ?? "";
      return JSON.stringify({ reason: "So.", score: score(shown("answer_a"), shown("answer_b")) });
    },
  };
  return { tools, asked: () => asked };
}

const prefers = (liked: string) => (a: string, b: string) =>
  a.includes(liked) ? 1 : b.includes(liked) ? 3 : 2;

test.each([
  ["the answer in both orders", prefers("1.9"), 1],
  ["the baseline's in both orders", prefers("5 kg"), 0],
  ["neither", () => 2, 0.5],
  ["always the first", () => 1, 0.5],
  ["always the second", () => 3, 0.5],
] as const)("a judge that prefers %s", async (_, judge, value) => {
  const { tools, asked } = judging(judge);
  expect(await preference.evaluate(INPUT, tools)).toMatchObject({ value, passed: value >= 0.5 });
  expect(asked()).toBe(2);
});

test.each([
  ["no baseline", undefined, null],
  ["a baseline without an answer", { answer: undefined }, null],
  ["the baseline itself", "itself" as const, 0.5],
  ["the same answer", { answer: " It weighs 1.9 kg.\n" }, 0.5],
])("%s is settled without asking", async (_, baseline, value) => {
  const { tools, asked } = judging(() => 1);
  expect(await preference.evaluate({ ...INPUT, baseline }, tools)).toMatchObject({ value });
  expect(asked()).toBe(0);
});

test("an order that cannot be judged leaves the row without a score", async () => {
  const { tools } = judging((a) => (a.includes("1.9") ? 1 : "none"));
  expect(await preference.evaluate(INPUT, tools)).toMatchObject({ value: null, passed: undefined });
});
