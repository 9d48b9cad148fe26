import type { ActiveRollout, ReleasePointer } from "../../shared/model/release.ts";
import { DEFECT_CLASSES } from "../../shared/model/traffic.ts";
import { rateEvidence } from "../../shared/statistics/rate-evidence.ts";
import { splitEvidence } from "../../shared/statistics/split-evidence.ts";
import type { Evidence } from "./evidence.ts";
import type { RolloutTraffic } from "./rollout-traffic.ts";

/** How often, at most, a canary that is as good as stable is taken back; each class of defect has its part of it. */
export const ROLLBACK_ALPHA = 0.05 / DEFECT_CLASSES.length;
/** A split is watched in every step of every rollout: it may be found broken by chance once in a thousand. */
const SPLIT_ALPHA = 0.001;

/**
 * What is counted of a rollout's traffic, as evidence. A session that a client left before an answer was whole came,
 * but tells nothing of the version's health: it is none of the sessions that a step needs.
 */
export function weighTraffic(
  { rollout, canary, state }: Pick<ReleasePointer, "canary" | "state"> & { rollout: ActiveRollout },
  traffic: RolloutTraffic,
): Evidence {
  const { plan } = rollout;
  const margin = plan.kind === "canary" ? plan.margin : 0;
  const soaks = state === "soaking";
  const step = soaks ? (plan.kind === "canary" ? plan.steps.length : 0) + 1 : (canary?.step ?? 0);
  const counted = { canary: traffic.sessions("canary", step), stable: traffic.sessions("stable", step) };

  const signal = DEFECT_CLASSES.find((defect) => {
    const found = traffic.defects[defect];
    const evidence = soaks
      ? rateEvidence(
          {
            sessions: counted.canary.all,
            defects: found.canary - found.compared.canary,
          },
          // While it soaks nobody is served by the version before.
          { sessions: traffic.everySession("stable"), defects: found.compared.stable },
          margin,
        )
      : found.evidence();
    return evidence >= Math.log(1 / ROLLBACK_ALPHA);
  });

  const weight = canary?.weight;
  const share = traffic.share();
  return {
    rolloutId: rollout.id,
    step,
    canarySessions: Math.round(counted.canary.whole / share),
    stableSessions: Math.round(counted.stable.whole / share),
    newestAt: traffic.newestAt(step),
    signal: signal && {
      defect: signal,
      canary: traffic.defects[signal].canary,
      stable: traffic.defects[signal].stable,
    },
    brokenSplit:
      weight !== undefined &&
      weight > 0 &&
      splitEvidence(counted.canary.all, counted.stable.all, weight) >= Math.log(1 / SPLIT_ALPHA),
  };
}
