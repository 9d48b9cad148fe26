import { logMeanExp } from "./log-mean-exp.ts";

/** How much more often than stable, beyond the margin, a canary that is taken back may fail: each is bet on alike. */
const RATIOS = [1.5, 2, 3, 5, 10, 30];

/** A session's first defect of a class. */
export interface FirstDefect {
  canary: boolean;
  /** The canary's share of the sessions when it came; above 0 and below 1. */
  rho: number;
}

/** A test that is told of one defect after the other. */
interface FirstDefectTest {
  add(defect: FirstDefect): void;
  /** The logarithm of the evidence, at its largest so far; 0 without a defect. */
  evidence(): number;
}

/**
 * The evidence that a canary fails more than `1 + margin` times as often as stable: a rollback is right when its
 * logarithm reaches log(1/alpha), at whatever moment one looks. Under no difference a defect is the canary's with
 * probability `rho`, whatever happens to both, so an outage that hits both arms cancels out: Lindon and Malek 2022
 * (Anytime-valid inference for multinomial count data), mixed over ratios, and over steps by their own rho.
 */
export function createFirstDefectTest(margin: number): FirstDefectTest {
  const none = 1 + margin;
  const logs = RATIOS.map(() => 0);
  let most = 0;
  return {
    add({ canary, rho }) {
      const expected = shareOfDefects(none, rho);
      for (const [index, ratio] of RATIOS.entries()) {
        const claimed = shareOfDefects(none * ratio, rho);
        logs[index] =
          (logs[index] ?? 0) +
          (canary ? Math.log(claimed / expected) : Math.log((1 - claimed) / (1 - expected)));
      }
      most = Math.max(most, logMeanExp(logs));
    },
    evidence: () => most,
  };
}

/** The evidence of these defects, as `createFirstDefectTest` has it. */
export function firstDefectEvidence(defects: Iterable<FirstDefect>, margin: number): number {
  const test = createFirstDefectTest(margin);
  for (const defect of defects) test.add(defect);
  return test.evidence();
}

/** The share of all defects that is the canary's where it fails `ratio` times as often. */
function shareOfDefects(ratio: number, rho: number): number {
  return (rho * ratio) / (rho * ratio + 1 - rho);
}
