import type { Verdict, VerdictOutcome } from "../model/run.ts";

/** The outcome as a phrase: "passed: all 8 requirements hold". */
export function outcomeWords(verdict: Pick<Verdict, "outcome" | "requirements">): string {
  const all = verdict.requirements.length;
  const open = verdict.requirements.filter(({ outcome }) => outcome !== "pass").length;
  const words: Record<VerdictOutcome, string> = {
    pass: all === 1 ? "passed: the one requirement holds" : `passed: all ${all} requirements hold`,
    fail: `failed: ${open} of ${all} requirements ${open === 1 ? "does" : "do"} not hold`,
    inconclusive: `undecided: ${open} of ${all} requirements could not be settled`,
    error: "could not be judged",
  };
  return words[verdict.outcome];
}
