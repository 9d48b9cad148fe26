import fc from "fast-check";
import { expect, test } from "vitest";
import { readJudgement } from "../../../shared/evaluators/read-judgement.ts";

test.each([
  ['{"reason": "why", "score": 4}', 4, "why"],
  ['```json\n{"reason": "why", "score": 4}\n```', 4, "why"],
  [
    'Here is my judgement:\n{"score": 3.5, "reason": "a } brace and a \\" quote"}\nThank you.',
    3.5,
    'a } brace and a " quote',
  ],
  ['{"score": "2", "reason": "text"}', 2, "text"],
  ['{"score": 5}', 5, ""],
  ['{not json} {"score": 1, "reason": "second"}', 1, "second"],
  ['Scale: {1..5}. {"reason": "x", "score": 2} and again {"reason": "y", "score": 2}', 2, "x"],
])("reads %j", (text, score, reason) => {
  expect(readJudgement(text)).toEqual({ score, reason });
});

test.each([
  "",
  "4",
  "score: 4",
  "{}",
  '{"reason": "no score"}',
  '{"score": 0, "reason": ""}',
  '{"score": 6, "reason": ""}',
  '{"score": null, "reason": ""}',
  '{"score": "four", "reason": ""}',
  '{"score": "0x4", "reason": ""}',
  '{"score": true, "reason": ""}',
  '{"score": 4, "reason": 7}',
  "[4]",
  '{"score": 4, "reason": "cut of',
  'First {"score": 1, "reason": ""}, or rather {"score": 5, "reason": ""}',
])("finds no judgement in %j", (text) => {
  expect(readJudgement(text)).toBeUndefined();
});

test("never throws, and never gives a score off the scale", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `x {"score":${json}} y`),
      ),
      (text) => {
        const score = readJudgement(text)?.score ?? 1;
        expect(score).toBeGreaterThanOrEqual(1);
        expect(score).toBeLessThanOrEqual(5);
      },
    ),
  );
});
