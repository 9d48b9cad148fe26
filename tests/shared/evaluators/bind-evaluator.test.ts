import { expect, test } from "vitest";
import { bindEvaluator } from "../../../shared/evaluators/bind-evaluator.ts";
import { readOptions } from "../../../shared/evaluators/read-options.ts";

const ROW = {
  question: "q",
  answer: "red hat",
  context: "",
  groundTruth: "red shoe",
  documents: [],
  fields: {},
};
const refuse = (): Promise<never> => Promise.reject(new Error("asks nothing of the world"));
const tools = { judge: refuse, embed: refuse };

test("what passes follows from the flow's threshold, and what is measured does not", async () => {
  const usual = bindEvaluator({ name: "f1_score", use: "f1_score" });
  const strict = bindEvaluator({ name: "strict", use: "f1_score", threshold: 0.9 });
  expect(await usual.evaluate(ROW, tools)).toMatchObject({ value: 0.5, passed: true });
  expect(await strict.evaluate(ROW, tools)).toMatchObject({ value: 0.5, passed: false });
  expect(strict.revision).toBe(usual.revision);
});

test("options are part of what is measured", () => {
  const usual = bindEvaluator({ name: "f1_score", use: "f1_score" });
  const other = bindEvaluator({ name: "f1_score", use: "f1_score", options: { language: "de" } });
  expect(other.revision).not.toBe(usual.revision);
});

test("an evaluator that takes no options refuses them by name", () => {
  expect(readOptions("f1_score", { language: "de" })).toEqual({
    problems: [{ path: ["language"], message: "takes no option language." }],
  });
  expect(readOptions("f1_score", {})).toEqual({ options: {} });
});
