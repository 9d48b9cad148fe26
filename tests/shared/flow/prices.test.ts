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
