import type { ActiveRollout, ReleasePointer } from "../../shared/model/release.ts";
import type { RolloutProgress } from "../../shared/model/status.ts";
import { DEFECT_CLASSES } from "../../shared/model/traffic.ts";
import type { RolloutTraffic } from "./rollout-traffic.ts";
import { ROLLBACK_ALPHA, weighTraffic } from "./weigh-traffic.ts";

/**
 * What a rollout's traffic shows to people: how sessions came, and how the evidence against the candidate grows towards
 * the boundary at which `decideRelease` takes it back.
 */
export function rolloutProgress(
  pointer: Pick<ReleasePointer, "canary" | "state"> & { rollout: ActiveRollout },
  traffic: RolloutTraffic,
): RolloutProgress {
  const weighed = weighTraffic(pointer, traffic);
  return {
    rolloutId: weighed.rolloutId,
    step: weighed.step,
    sessions: { canary: weighed.canarySessions, stable: weighed.stableSessions },
    newestAt: weighed.newestAt,
    boundary: 1 / ROLLBACK_ALPHA,
    defects: DEFECT_CLASSES.flatMap((defect) => {
      const { canary, stable, evidence, points } = traffic.defects[defect];
      if (canary + stable === 0) return [];
      return { defect, canary, stable, evidence: Math.exp(evidence()), points: points() };
    }),
    arrivals: traffic.arrivals(),
  };
}
