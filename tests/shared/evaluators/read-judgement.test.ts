import fc from "fast-check";
import { expect, test } from "vitest";
import { judgementJsonSchema, readJudgement } from "../../../shared/evaluators/read-judgement.ts";

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
  ["<S0>Let me think.</S0>\n<S1>It says so.</S1>\n<S2>4</S2>", 4, "It says so."],
  ["<s0>Only thoughts.</s0><s2> Score: 2 </s2>", 2, "Only thoughts."],
  ['{not json} {"score": 1, "reason": "second"}', 1, "second"],
  ['Scale: {1..5}. {"reason": "x", "score": 2} and again {"reason": "y", "score": 2}', 2, "x"],
  ['{"reason": "one line,\nand\tanother", "score": 4}', 4, "one line,\nand\tanother"],
  ['{"reason": null, "score": 3}', 3, ""],
  ['{"Reason": "why", "Score": 4}', 4, "why"],
  ['{"result": {"reason": "why", "score": 4}}', 4, "why"],
  ['<think>{"score": 1}? No.</think>\n{"reason": "why", "score": 5}', 5, "why"],
  ['Hm, {"score": 1}? No.</think>{"reason": "why", "score": 5}', 5, "why"],
  ['{"reason": "It writes </think>.", "score": 4}', 4, "It writes </think>."],
])("reads %j", (text, score, reason) => {
  expect(readJudgement(text)).toEqual({ score, reason });
});

test.each([
  "",
  "4",
  "score: 4",
  "<S2>6</S2>",
  "<S2></S2>",
  "<S2>2</S2> or <S2>4</S2>",
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
  '<think>{"reason": "", "score": 4}</think>',
  '{"a": {"score": 4}, "b": {"score": 2}}',
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

test("a score is read on the scale that was asked for", () => {
  expect(readJudgement('{"reason": "none", "score": 0}', { min: 0, max: 7 })).toEqual({
    score: 0,
    reason: "none",
  });
  expect(readJudgement('{"reason": "none", "score": 5}', { min: 0, max: 1 })).toBeUndefined();
});

test("few whole steps are listed for structured output, and many are a range", () => {
  expect(judgementJsonSchema({ min: 0, max: 2 })).toMatchObject({
    properties: { score: { enum: [0, 1, 2] } },
  });
  expect(judgementJsonSchema({ min: 0, max: 100 })).toMatchObject({
    properties: { score: { type: "number" } },
  });
});
