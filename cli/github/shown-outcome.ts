import type { VerdictOutcome } from "../../shared/model/run.ts";
import type { CommitCheck } from "./github-api.ts";

/** How each outcome looks, and what the commit's check says: `action_required` holds a merge up, as a failure does. */
export const SHOWN: Record<
  VerdictOutcome,
  { mark: string; word: string; conclusion: CommitCheck["conclusion"] }
> = {
  pass: { mark: "✅", word: "Passed", conclusion: "success" },
  fail: { mark: "❌", word: "Failed", conclusion: "failure" },
  inconclusive: { mark: "❔", word: "Inconclusive", conclusion: "action_required" },
  error: { mark: "⚠️", word: "Error", conclusion: "failure" },
};

const WORST_FIRST: readonly VerdictOutcome[] = ["error", "fail", "inconclusive"];

/** Of several flows: the worst; of none: a pass. */
export function worstOutcome(outcomes: readonly VerdictOutcome[]): VerdictOutcome {
  return WORST_FIRST.find((one) => outcomes.includes(one)) ?? "pass";
}
