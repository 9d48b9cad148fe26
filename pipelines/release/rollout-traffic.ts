import {
  ARMS,
  DEFECT_CLASSES,
  type Arm,
  type DefectClass,
  type TrafficRollup,
} from "../../shared/model/traffic.ts";
import { createDefectCounter, type DefectCounter } from "./count-defects.ts";
import { createCurve } from "./curve.ts";

const MOST_POINTS = 200;
/** More sessions of an arm than this are thinned out by their hash: what is remembered of a rollout has a bound. */
const MOST_SESSIONS = 200_000;

/** How many sessions came until a moment; cumulative. */
type Arrival = { at: string } & Record<Arm, number>;

/**
 * What is known of one rollout's traffic, counted line by line: each is looked at once, however often one asks.
 * Sessions are counted once, across minutes and processes; where a line lists a share of them, all are counted by the
 * smallest share.
 */
export interface RolloutTraffic {
  /** Lines that were not added before, in any order; they wait until a watermark passes them. */
  add(lines: readonly TrafficRollup[]): void;
  /** Counts the lines up to `watermark`, ISO 8601, oldest first. A watermark does not go back. */
  countUpTo(watermark: string): void;
  /** The share of the sessions that is counted. */
  share(): number;
  /** Counted sessions of a step, not yet divided by the share; `whole`: those that nobody left before an answer. */
  sessions(arm: Arm, step: number): { all: number; whole: number };
  /** Counted sessions of the whole rollout. */
  everySession(arm: Arm): number;
  defects: Readonly<Record<DefectClass, DefectCounter>>;
  /** When anything was last heard of a step, counted or waiting; ISO 8601. */
  newestAt(step: number): string | undefined;
  arrivals(): Arrival[];
}

export function createRolloutTraffic(margin: number): RolloutTraffic {
  let waiting: TrafficRollup[] = [];
  let share = 1;
  const newest = new Map<number, string>();
  /** By arm and step. */
  const sessions = new Map<string, Set<string>>();
  const abandoned = new Map<string, Set<string>>();
  const every: Record<Arm, Set<string>> = { stable: new Set(), canary: new Set() };
  const defects = Object.fromEntries(
    DEFECT_CLASSES.map((defect) => [defect, createDefectCounter(margin, MOST_POINTS)]),
  ) as Record<DefectClass, DefectCounter>;
  const curve = createCurve<Arrival>(MOST_POINTS);
  const whole = (count: number): number => Math.round(count / share);

  const isListed = (hash: string): boolean =>
    share === 1 || Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32 < share;

  const narrow = (to: number): void => {
    if (to >= share) return;
    share = to;
    for (const hashes of [...sessions.values(), ...abandoned.values(), ...Object.values(every)]) {
      for (const hash of hashes) if (!isListed(hash)) hashes.delete(hash);
    }
    for (const counter of Object.values(defects)) counter.narrow(isListed);
  };

  const count = ({ at, step, weight, arms }: TrafficRollup): void => {
    for (const arm of ARMS) narrow(arms[arm]?.share ?? 1);
    for (const arm of ARMS) {
      const traffic = arms[arm];
      if (!traffic) continue;
      const key = `${arm}/${step}`;
      const listed = traffic.sessions.filter(isListed);
      addAll(setOf(sessions, key), listed);
      addAll(every[arm], listed);
      addAll(setOf(abandoned, key), (traffic.defects.abandoned ?? []).filter(isListed));
      if (weight === undefined) continue;
      for (const defect of DEFECT_CLASSES) {
        for (const session of traffic.defects[defect] ?? []) {
          if (isListed(session)) defects[defect].add({ session, canary: arm === "canary", rho: weight, at });
        }
      }
    }
    while (every.stable.size > MOST_SESSIONS || every.canary.size > MOST_SESSIONS) narrow(share / 2);
    curve.add({ at, stable: whole(every.stable.size), canary: whole(every.canary.size) });
  };

  return {
    add(lines) {
      for (const line of lines) {
        waiting.push(line);
        const { at, step = -1 } = line;
        if (at > (newest.get(step) ?? "")) newest.set(step, at);
      }
    },
    countUpTo(watermark) {
      const due = waiting.filter(({ at }) => at <= watermark);
      if (due.length === 0) return;
      waiting = waiting.filter(({ at }) => at > watermark);
      for (const line of due.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) count(line);
    },
    share: () => share,
    sessions(arm, step) {
      const key = `${arm}/${step}`;
      const all = sessions.get(key)?.size ?? 0;
      return { all, whole: all - (abandoned.get(key)?.size ?? 0) };
    },
    everySession: (arm) => every[arm].size,
    defects,
    newestAt: (step) => newest.get(step),
    arrivals: () => curve.points(),
  };
}

function setOf(sets: Map<string, Set<string>>, key: string): Set<string> {
  const found = sets.get(key) ?? new Set();
  sets.set(key, found);
  return found;
}

function addAll(set: Set<string>, hashes: readonly string[]): void {
  for (const hash of hashes) set.add(hash);
}
