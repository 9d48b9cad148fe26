import { expect, test } from "vitest";
import { changed, GOOD, problemsOf } from "./good-folder.ts";

const GATE = 'gate: { similarity: { mean: ">= 3" } }';

function problemsWith(gate: string, evaluators = "[similarity, f1_score, jailbreak]"): string[] {
  const files = changed("flow.yaml", "[similarity]", evaluators, {
    ...GOOD,
    "tone.prompty": "system:\nJudge from 0 to 10.\nuser:\n{{ answer }}\n",
  });
  return problemsOf(changed("flow.yaml", GATE, `gate:\n  ${gate}`, files));
}

test.each([
  [
    'similarity: { mean: ">= 0.8" }',
    "9:23: error: similarity.mean is off its scale, so that it holds whatever the answers are.",
  ],
  ['f1_score: { p50: ">= 4" }', "9:20: error: f1_score.p50 is off its scale, so that it holds never."],
  [
    'similarity: { max: "<= 6" }',
    "9:22: error: similarity.max is off its scale, so that it holds whatever the answers are.",
  ],
  [
    'similarity: { mean: ">= 3", noWorseThan: 4 }',
    "9:44: warning: similarity.noWorseThan: no loss can be more than that.",
  ],
  [
    'similarity: { mean: ">= 3" }\n  fairness: { of: f1_score, by: customerId, gap: "<= 1" }',
    "10:50: warning: gap: no gap of f1_score can be more than that.",
  ],
] as const)("a limit that no answer could miss, or none could hold, is found: %s", (gate, problem) => {
  expect(problemsWith(gate)).toEqual([`flow.yaml:${problem}`]);
});

test("so is a threshold of rows that is off the scale", () => {
  expect(
    problemsWith('strict: { passRate: ">= 90%" }', "[{ strict: { use: similarity, threshold: 0.8 } }]"),
  ).toEqual([expect.stringContaining("error: strict: the threshold is off its scale.")]);
});

test("the ends of a scale are on it, and a judge of the flow's own has its own", () => {
  expect(
    problemsWith(
      'similarity: { mean: ">= 1", noWorseThan: 3.9 }\n  f1_score: { passRate: ">= 80%", noWorseThan: 0.1 }\n  latency: { p95: "<= 20s" }',
    ),
  ).toEqual([]);
  const tone = "[{ tone: { use: judge, prompt: tone.prompty, scale: { min: 0, max: 10 }, threshold: 8 } }]";
  expect(problemsWith('tone: { mean: ">= 7.5" }', tone)).toEqual([]);
  expect(problemsWith('tone: { mean: ">= 75" }', tone).join()).toContain("tone.mean is off its scale");
});
