import type { Verdict, VerdictOutcome } from "../model/run.ts";

/** The outcome as a phrase: "passed: all 8 requirements hold". */
export function outcomeWords(verdict: Pick<Verdict, "outcome" | "requirements">): string {
  const all = verdict.requirements.length;
  const count = (wanted: VerdictOutcome): number =>
    verdict.requirements.filter(({ outcome }) => outcome === wanted).length;
  const failed = count("fail");
  const open = all - failed - count("pass");
  const beside = open === 0 ? "" : `, ${open} ${open === 1 ? "is" : "are"} open`;
  const words: Record<VerdictOutcome, string> = {
    pass: all === 1 ? "passed: the one requirement holds" : `passed: all ${all} requirements hold`,
    fail: `failed: ${failed} of ${all} requirements ${failed === 1 ? "does" : "do"} not hold${beside}`,
    // What a budget ended is undecided, however well the rows did that it paid for.
    inconclusive:
      open === 0
        ? "undecided: the run ended before its rows were answered"
        : `undecided: ${open} of ${all} requirements could not be settled`,
    error: "could not be judged",
  };
  return words[verdict.outcome];
}
