import { clopperPearsonUpperBound } from "./clopper-pearson.ts";
import { logMeanExp } from "./log-mean-exp.ts";

const RATIOS = [1.5, 2, 3, 5, 10, 30];
const MOST = 0.99;

/** Sessions, and those of them with a defect. */
export interface DefectCount {
  sessions: number;
  defects: number;
}

/**
 * The logarithm of the evidence that sessions now fail more than `1 + margin` times as often as others did before,
 * where nobody else is served at the same time to compare with: a mixture of likelihood ratios against the upper 95 %
 * bound of the earlier share, which is 1 without earlier sessions. It cannot tell a bad version from a bad hour.
 */
export function rateEvidence(now: DefectCount, before: DefectCount, margin: number): number {
  const share = clopperPearsonUpperBound(before.defects, before.sessions) * (1 + margin);
  if (share >= MOST) return 0;
  const clean = Math.max(0, now.sessions - now.defects);
  return logMeanExp(
    RATIOS.map((ratio) => {
      const claimed = Math.min(MOST, share * ratio);
      return now.defects * Math.log(claimed / share) + clean * Math.log((1 - claimed) / (1 - share));
    }),
  );
}
