import type { ActiveRollout, ReleasePointer } from "../../shared/model/release.ts";
import type { DefectProgress, RolloutProgress } from "../../shared/model/status.ts";
import { DEFECT_CLASSES, type DefectClass, type TrafficRollup } from "../../shared/model/traffic.ts";
import { firstDefectEvidence, type FirstDefect } from "../../shared/statistics/first-defect-test.ts";
import { firstDefects, listedShare, ROLLBACK_ALPHA, sessionsOf, weighTraffic } from "./weigh-traffic.ts";

const MOST_POINTS = 60;

/**
 * What a rollout's rollups show to people: how sessions came, and how the evidence against the candidate grows towards
 * the boundary at which `decideRelease` takes it back. Of lines up to `watermark` only.
 */
export function rolloutProgress(
  pointer: Pick<ReleasePointer, "canary" | "state"> & { rollout: ActiveRollout },
  lines: readonly TrafficRollup[],
  watermark: string,
): RolloutProgress {
  const { plan } = pointer.rollout;
  const margin = plan.kind === "canary" ? plan.margin : 0;
  const complete = lines.filter(({ at }) => at <= watermark).toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const share = listedShare(complete);
  const weighed = weighTraffic(pointer, lines, watermark);
  return {
    rolloutId: weighed.rolloutId,
    step: weighed.step,
    sessions: { canary: weighed.canarySessions, stable: weighed.stableSessions },
    newestAt: weighed.newestAt,
    boundary: 1 / ROLLBACK_ALPHA,
    defects: DEFECT_CLASSES.flatMap((defect) => defectProgress(complete, defect, share, margin) ?? []),
    arrivals: arrivals(complete, share),
  };
}

function defectProgress(
  lines: readonly TrafficRollup[],
  defect: DefectClass,
  share: number,
  margin: number,
): DefectProgress | undefined {
  const first = firstDefects(lines, defect, share);
  if (first.length === 0) return undefined;
  // While everybody has the new version there is nobody to compare with at the same time.
  const compared = first.filter(({ rho }) => rho < 1);
  const evidenceOf = (defects: readonly FirstDefect[]): number =>
    Math.exp(firstDefectEvidence(defects, margin));
  return {
    defect,
    canary: first.filter(({ canary }) => canary).length,
    stable: first.filter(({ canary }) => !canary).length,
    evidence: evidenceOf(compared),
    points: spread(compared.length).map((count) => ({
      at: compared[count - 1]?.at ?? "",
      evidence: evidenceOf(compared.slice(0, count)),
    })),
  };
}

function arrivals(lines: readonly TrafficRollup[], share: number): RolloutProgress["arrivals"] {
  return spread(lines.length).map((count) => {
    const until = lines.slice(0, count);
    const sessions = (arm: "canary" | "stable"): number =>
      Math.round(sessionsOf(until, arm, share).size / share);
    return { at: until.at(-1)?.at ?? "", canary: sessions("canary"), stable: sessions("stable") };
  });
}

/** At most `MOST_POINTS` numbers from 1 to `length`, evenly spread, the last one among them. */
function spread(length: number): number[] {
  const points = Math.min(length, MOST_POINTS);
  return Array.from({ length: points }, (_, index) => Math.ceil(((index + 1) * length) / points));
}
