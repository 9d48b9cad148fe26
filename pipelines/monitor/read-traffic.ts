import type {
  FlowTraffic,
  ReleaseMark,
  TrafficPoint,
  VersionTraffic,
} from "../../shared/model/flow-traffic.ts";
import type { LedgerKind } from "../../shared/model/release.ts";
import { addMeasures, newMeasures } from "../../shared/model/traffic-measures.ts";
import { type Arm, ARMS, type TrafficMeasures } from "../../shared/model/traffic.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { checkFlow } from "../../shared/registry/flow-status.ts";
import { readLedger } from "../../shared/registry/ledger.ts";
import { workThrough } from "../../shared/work-through.ts";
import { onlineScores } from "./online-scores.ts";
import { trafficFigures } from "./traffic-figures.ts";
import { createHourReader, type MinuteTraffic } from "./traffic-hours.ts";

const HOUR_MS = 3_600_000;
const HOURS_AT_ONCE = 8;
/** A month. */
export const MOST_HOURS = 31 * 24;
/** The length of a step in seconds, by the hours that are asked for at most: about a hundred steps each. */
const STEPS: readonly [hours: number, seconds: number][] = [
  [2, 60],
  [12, 300],
  [24, 900],
  [7 * 24, 2 * 3600],
  [MOST_HOURS, 6 * 3600],
];

/** What changes who serves which share of the sessions. */
const MARKED: ReadonlySet<LedgerKind> = new Set([
  "promoted",
  "rolled_back",
  "canary_started",
  "canary_advanced",
  "succeeded",
  "stopped",
  "served_again",
]);

/** What a flow served in the hours up to `end`, now by default. Throws `NotFoundError` listing the known flows. */
export type ReadTraffic = (flow: string, hours: number, end?: Date) => Promise<FlowTraffic>;

export function createTrafficReader({
  store,
  clock,
}: {
  store: BlobStore;
  clock: Pick<Clock, "now">;
}): ReadTraffic {
  const readHour = createHourReader(store);
  return async (flow, hours, end) => {
    await checkFlow(store, flow);
    const now = clock.now();
    const to = end && end < now ? end : now;
    const stepSeconds = STEPS.find(([most]) => hours <= most)?.[1] ?? 6 * 3600;
    const from = new Date(stepBefore(to.getTime() - hours * HOUR_MS, stepSeconds));
    const stepOf = (at: string): string => new Date(stepBefore(Date.parse(at), stepSeconds)).toISOString();
    const sums = new Sums();
    await workThrough(hoursBetween(from, to), HOURS_AT_ONCE, async (hour) => {
      for (const minute of await readHour(flow, hour, now)) {
        const at = `${hour}:${minute.minute}:00.000Z`;
        if (Date.parse(at) >= from.getTime() && Date.parse(at) <= to.getTime()) sums.add(stepOf(at), minute);
      }
    });
    const [scores, ledger] = await Promise.all([
      onlineScores(store, flow, { from, to }, stepOf),
      readLedger(store, flow),
    ]);
    const releases = ledger
      .filter(({ at, kind }) => MARKED.has(kind) && at >= from.toISOString() && at <= to.toISOString())
      .map(({ at, kind, version, weight, actor }): ReleaseMark => ({ at, kind, version, weight, actor }));
    return {
      flow,
      from: from.toISOString(),
      to: to.toISOString(),
      stepSeconds,
      points: sums.points(),
      versions: sums.versions(),
      scores,
      releases,
    };
  };
}

/** Adds up minutes by step and by version. */
class Sums {
  readonly #steps = new Map<string, Map<Arm, TrafficMeasures>>();
  readonly #versions = new Map<string, { lastAt: string; measures: TrafficMeasures }>();

  add(step: string, { arm, version, measures }: MinuteTraffic): void {
    const arms = this.#steps.get(step) ?? new Map<Arm, TrafficMeasures>();
    this.#steps.set(step, arms);
    const ofArm = arms.get(arm) ?? newMeasures();
    arms.set(arm, ofArm);
    addMeasures(ofArm, measures);
    const ofVersion = this.#versions.get(version) ?? { lastAt: step, measures: newMeasures() };
    this.#versions.set(version, ofVersion);
    addMeasures(ofVersion.measures, measures);
    if (step > ofVersion.lastAt) ofVersion.lastAt = step;
  }

  points(): TrafficPoint[] {
    const steps = [...this.#steps].sort(([a], [b]) => (a < b ? -1 : 1));
    return steps.map(([at, measured]) => {
      const arms: TrafficPoint["arms"] = {};
      for (const arm of ARMS) {
        const measures = measured.get(arm);
        if (measures) arms[arm] = trafficFigures(measures);
      }
      return { at, arms };
    });
  }

  versions(): VersionTraffic[] {
    const all = [...this.#versions].map(([version, { lastAt, measures }]) => ({
      version,
      lastAt,
      figures: trafficFigures(measures),
    }));
    return all.sort((a, b) => (a.lastAt > b.lastAt ? -1 : 1));
  }
}

function stepBefore(time: number, stepSeconds: number): number {
  return Math.floor(time / (stepSeconds * 1000)) * stepSeconds * 1000;
}

function hoursBetween(from: Date, to: Date): string[] {
  const hours: string[] = [];
  for (let at = Math.floor(from.getTime() / HOUR_MS) * HOUR_MS; at <= to.getTime(); at += HOUR_MS) {
    hours.push(new Date(at).toISOString().slice(0, 13));
  }
  return hours;
}
