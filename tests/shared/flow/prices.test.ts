import { expect, test } from "vitest";
import { costOf } from "../../../shared/flow/prices.ts";

const million = { inputTokens: 1_000_000, outputTokens: 1_000_000 };

test.each([
  ["gpt-4o-mini", 0.75],
  ["gpt-4o-mini-2024-07-18", 0.75],
  ["gpt-4o-2024-08-06", 12.5],
  ["gpt-4o-2024-05-13", 20],
  ["openai/gpt-4.1-nano-2025-04-14", 0.5],
  ["gpt-5.4-mini-2026-03-17", 5.25],
  ["offline-stand-in", 0],
  ["gpt-4o-audio-preview", undefined],
  ["llama3", undefined],
  ["constructor", undefined],
])("a million tokens each way cost %s %s", (model, cost) => {
  if (cost === undefined) expect(costOf(model, million)).toBeUndefined();
  else expect(costOf(model, million)).toBeCloseTo(cost);
});

test.each([
  ["gpt-4o-mini", "gpt-4o-mini"],
  ["gpt-4o-mini", "gpt-4o-mini-2024-07-18"],
  ["my-model", "my-model-2025-01-01"],
  ["azure/gpt-4o-mini", "gpt-4o-mini"],
  ["gpt-4o-mini", "azure/gpt-4o-mini"],
  ["GPT-4o-mini", "gpt-4o-mini-2024-07-18"],
  ["my-model", "My-Model"],
])("the user's price of %s goes before ours for what the service calls %s", (named, answered) => {
  expect(costOf(answered, million, { [named]: { input: 3, output: 4 } })).toBeCloseTo(7);
});

test("the user's price of a model is not that of another whose name begins with it", () => {
  expect(costOf("my-model-large", million, { "my-model": { input: 3, output: 4 } })).toBeUndefined();
  expect(costOf("gpt-4o-mini", million, { "gpt-4o": { input: 3, output: 4 } })).toBeCloseTo(0.75);
  const two = { "a/m": { input: 1, output: 1 }, "b/m": { input: 2, output: 2 } };
  expect(costOf("b/m", million, two)).toBeCloseTo(4);
});
