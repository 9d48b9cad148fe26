import { numbersIn } from "../text/facts.ts";
import { coverage, terms } from "../text/words.ts";
import type { Judgement } from "./judgement.ts";
import { readAnswer } from "./read-answer.ts";
import type { JudgeCall } from "./read-judge-call.ts";

const SAID = 0.6;

/** Completeness: the share of the ground truth's statements whose words and numbers are in the answer. */
export function judgeCompleteness({ answer, groundTruth }: JudgeCall): Judgement {
  const expected = readAnswer(groundTruth);
  const given = readAnswer(answer);
  if (expected.refuses) {
    return given.refuses
      ? { reason: "Both say that they cannot answer.", score: 5 }
      : { reason: "A refusal was expected.", score: 1 };
  }
  const told = terms(answer);
  const numbers = numbersIn(answer);
  const statements = expected.claims.length > 0 ? expected.claims : [groundTruth];
  const missing = statements.filter(
    (statement) =>
      coverage(terms(statement), told) < SAID ||
      [...numbersIn(statement)].some((number) => !numbers.has(number)),
  );
  const share = 1 - missing.length / statements.length;
  const reason =
    missing.length === 0 ? "Every expected statement is there." : `It does not say "${missing[0] ?? ""}"`;
  return { reason, score: 1 + 4 * share };
}
