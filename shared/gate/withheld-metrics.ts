import type { Evaluator } from "../evaluators/evaluator.ts";
import { restsOnJudge } from "../evaluators/rests-on-judge.ts";
import type { JudgeCalibration } from "../model/calibration.ts";
import type { JudgePrecondition } from "../model/flow.ts";

/** By metric, why its judge may let nothing pass and nothing fail yet, in a sentence that says what to do. */
export type WithheldMetrics = ReadonlyMap<string, string>;

/** The metrics whose judge does not hold what the gate asks of it. None where the gate asks nothing. */
export function withheldMetrics(
  evaluators: readonly Pick<Evaluator, "name" | "kind">[],
  calibrations: readonly JudgeCalibration[],
  precondition: JudgePrecondition | undefined,
): WithheldMetrics {
  const withheld = new Map<string, string>();
  if (!precondition) return withheld;
  for (const { name } of evaluators.filter(restsOnJudge)) {
    const reason = shortfall(
      calibrations.find(({ metric }) => metric === name),
      precondition,
    );
    if (reason !== undefined) withheld.set(name, reason);
  }
  return withheld;
}

function shortfall(
  calibration: JudgeCalibration | undefined,
  { agreement: least, labels: fewest = 1 }: JudgePrecondition,
): string | undefined {
  const labels = calibration?.labels ?? 0;
  if (labels < fewest) {
    const have = labels === 0 ? "no answer is" : labels === 1 ? "1 answer is" : `${labels} answers are`;
    return `${have} labelled, and ${fewest} must be. Label ${fewest - labels} more: flowgate label.`;
  }
  if (least === undefined) return undefined;
  const agreement = calibration?.agreement?.value;
  if (agreement === undefined) {
    return "people and the judge put every labelled answer on one side, which shows no agreement beyond chance. Label answers that fail, too: flowgate label --hard.";
  }
  if (agreement >= least) return undefined;
  const kappa = Math.floor(agreement * 100) / 100;
  return `it agrees with people at a kappa of ${kappa} on ${labels} labels, and ${least} is needed. The report lists the disagreements: mend the judge's prompt, take another judge, or correct the labels.`;
}
