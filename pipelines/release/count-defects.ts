import { createFirstDefectTest, type FirstDefect } from "../../shared/statistics/first-defect-test.ts";
import { createCurve } from "./curve.ts";

/** A session's first defect of a class, and when the line that tells of it was written. */
interface SessionDefect extends FirstDefect {
  session: string;
  at: string;
}

/** The defects of one class, counted as they come: each session's first one. */
export interface DefectCounter {
  add(defect: SessionDefect): void;
  /** Forgets the sessions that are not listed any more. */
  narrow(isListed: (session: string) => boolean): void;
  canary: number;
  stable: number;
  /** Of those that came while both arms were served; before and after there is nobody to compare with. */
  compared: { canary: number; stable: number };
  /** The logarithm of the evidence against the canary, and how it grew; of those compared. */
  evidence(): number;
  points(): { at: string; evidence: number }[];
}

export function createDefectCounter(margin: number, mostPoints: number): DefectCounter {
  let seen = new Map<string, SessionDefect>();
  let test = createFirstDefectTest(margin);
  let curve = createCurve<{ at: string; evidence: number }>(mostPoints);
  const counter: DefectCounter = {
    canary: 0,
    stable: 0,
    compared: { canary: 0, stable: 0 },
    add(defect) {
      const { session, canary, rho, at } = defect;
      if (seen.has(session)) return;
      seen.set(session, defect);
      const arm = canary ? "canary" : "stable";
      counter[arm]++;
      if (rho >= 1) return;
      counter.compared[arm]++;
      test.add(defect);
      curve.add({ at, evidence: Math.exp(test.evidence()) });
    },
    narrow(isListed) {
      const before = seen;
      seen = new Map();
      test = createFirstDefectTest(margin);
      curve = createCurve(mostPoints);
      Object.assign(counter, { canary: 0, stable: 0, compared: { canary: 0, stable: 0 } });
      for (const [session, defect] of before) if (isListed(session)) counter.add(defect);
    },
    evidence: () => test.evidence(),
    points: () => curve.points(),
  };
  return counter;
}
