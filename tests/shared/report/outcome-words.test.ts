import { expect, test } from "vitest";
import type { VerdictOutcome } from "../../../shared/model/run.ts";
import { outcomeWords } from "../../../shared/report/outcome-words.ts";
import { FAILS } from "../../pipelines/decide/report-samples.ts";

test.for<[VerdictOutcome, VerdictOutcome[], string]>([
  ["pass", ["pass", "pass"], "passed: all 2 requirements hold"],
  ["fail", ["fail", "pass"], "failed: 1 of 2 requirements does not hold"],
  [
    "fail",
    ["fail", "fail", "inconclusive", "inconclusive", "pass"],
    "failed: 2 of 5 requirements do not hold, 2 are open",
  ],
  ["fail", ["fail", "inconclusive"], "failed: 1 of 2 requirements does not hold, 1 is open"],
  ["inconclusive", ["inconclusive", "pass"], "undecided: 1 of 2 requirements could not be settled"],
  ["inconclusive", ["pass", "pass"], "undecided: the run ended before its rows were answered"],
])("a %s of %s reads: %s", ([outcome, outcomes, words]) => {
  const requirements = outcomes.map((each) => ({ ...FAILS, outcome: each }));
  expect(outcomeWords({ outcome, requirements })).toBe(words);
});
