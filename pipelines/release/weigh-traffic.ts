import type { ActiveRollout, ReleasePointer } from "../../shared/model/release.ts";
import {
  ARMS,
  DEFECT_CLASSES,
  type Arm,
  type DefectClass,
  type TrafficRollup,
} from "../../shared/model/traffic.ts";
import { firstDefectEvidence, type FirstDefect } from "../../shared/statistics/first-defect-test.ts";
import { rateEvidence } from "../../shared/statistics/rate-evidence.ts";
import { splitEvidence } from "../../shared/statistics/split-evidence.ts";
import type { Evidence } from "./evidence.ts";

/** How often, at most, a canary that is as good as stable is taken back; each class of defect has its part of it. */
export const ROLLBACK_ALPHA = 0.05 / DEFECT_CLASSES.length;
/** A split is watched in every step of every rollout: it may be found broken by chance once in a thousand. */
const SPLIT_ALPHA = 0.001;

/**
 * What a rollout's rollups say, those up to `watermark` only. Sessions are counted once, across minutes and processes;
 * where a line lists a share of them, all lines are counted by the smallest share.
 */
export function weighTraffic(
  { rollout, canary, state }: Pick<ReleasePointer, "canary" | "state"> & { rollout: ActiveRollout },
  lines: readonly TrafficRollup[],
  watermark: string,
): Evidence {
  const { plan } = rollout;
  const steps = plan.kind === "canary" ? plan.steps.length : 0;
  const margin = plan.kind === "canary" ? plan.margin : 0;
  const soaks = state === "soaking";
  const step = soaks ? steps + 1 : (canary?.step ?? 0);
  const inOrder = lines.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const old = inOrder.filter(({ at }) => at <= watermark);
  const share = listedShare(old);
  const count = (arm: Arm, of: (line: TrafficRollup) => boolean): number =>
    sessionsOf(old.filter(of), arm, share).size;
  const ofStep = (line: TrafficRollup): boolean => line.step === step;
  const counted = { canary: count("canary", ofStep), stable: count("stable", ofStep) };

  const signal = DEFECT_CLASSES.map((defect) => {
    const first = firstDefects(old, defect, share);
    const found = {
      defect,
      canary: first.filter((one) => one.canary).length,
      stable: first.filter((one) => !one.canary).length,
    };
    const compared = first.filter(({ rho }) => rho < 1);
    const evidence = soaks
      ? rateEvidence(
          { sessions: counted.canary, defects: first.length - compared.length },
          {
            sessions: count("stable", ({ step }) => step !== undefined && step <= steps),
            defects: compared.filter((one) => !one.canary).length,
          },
          margin,
        )
      : firstDefectEvidence(compared, margin);
    return { found, evidence };
  }).find(({ evidence }) => evidence >= Math.log(1 / ROLLBACK_ALPHA));

  const weight = canary?.weight;
  return {
    rolloutId: rollout.id,
    step,
    canarySessions: Math.round(counted.canary / share),
    stableSessions: Math.round(counted.stable / share),
    newestAt: inOrder.findLast(ofStep)?.at,
    signal: signal?.found,
    brokenSplit:
      weight !== undefined &&
      weight > 0 &&
      splitEvidence(counted.canary, counted.stable, weight) >= Math.log(1 / SPLIT_ALPHA),
  };
}

/** The smallest share of sessions that any of the lines lists. */
export function listedShare(lines: readonly TrafficRollup[]): number {
  return Math.min(1, ...lines.flatMap(({ arms }) => Object.values(arms).map((arm) => arm.share)));
}

export function sessionsOf(lines: readonly TrafficRollup[], arm: Arm, share: number): Set<string> {
  return new Set(lines.flatMap(({ arms }) => listed(arms[arm]?.sessions ?? [], share)));
}

/** The first defect of each session, oldest first; those of stable before those of the canary in the same line. */
export function firstDefects(
  lines: readonly TrafficRollup[],
  defect: DefectClass,
  share: number,
): (FirstDefect & { at: string })[] {
  const seen = new Set<string>();
  const first: (FirstDefect & { at: string })[] = [];
  for (const { at, arms, weight } of lines) {
    if (weight === undefined) continue;
    for (const arm of ARMS) {
      for (const session of listed(arms[arm]?.defects[defect] ?? [], share)) {
        if (seen.has(session)) continue;
        seen.add(session);
        first.push({ canary: arm === "canary", rho: weight, at });
      }
    }
  }
  return first;
}

function listed(sessions: readonly string[], share: number): readonly string[] {
  if (share === 1) return sessions;
  return sessions.filter((hash) => Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32 < share);
}
