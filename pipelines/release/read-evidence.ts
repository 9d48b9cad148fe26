import type { ActiveRollout } from "../../shared/model/release.ts";
import type { TrafficRollup } from "../../shared/model/traffic.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { trafficPath } from "../../shared/registry/paths.ts";
import type { ReadEvidence } from "./evidence.ts";
import { createShadowReader } from "./read-shadow.ts";
import { createRolloutTraffic, type RolloutTraffic } from "./rollout-traffic.ts";
import { weighTraffic } from "./weigh-traffic.ts";

/** By then every process has written what it served. */
const WATERMARK_MS = 15_000;
const HOUR_MS = 3_600_000;
/** An hour that ended longer ago gets no more lines. */
const SETTLED_MS = 10 * 60_000;

/** Where one rollout's traffic was read. */
interface Reading {
  rollout: string;
  /** The latest time at which it was. */
  until: string;
  /** Hours that are over; they are not asked for again. */
  settled: Set<string>;
  /** How many lines of each blob were taken, by hour. */
  hours: Map<string, Map<string, { etag: string; taken: number }>>;
  traffic: RolloutTraffic;
}

/** A rollout's traffic, counted up to the watermark. `now`: ISO 8601, by the storage service's clock. */
export type ReadRollups = (flow: string, rollout: ActiveRollout, now: string) => Promise<RolloutTraffic>;

/**
 * Reads a rollout's rollups. A process remembers what it counted of the rollouts under way: only blobs that are new or
 * have grown are read again, and only their new lines are counted.
 */
export function createRollupReader(store: BlobStore): ReadRollups {
  const readings = new Map<string, Reading>();
  return async (flow, rollout, now) => {
    const known = readings.get(flow);
    // A clock that was ahead has settled hours that are yet to come: they would be read no more.
    const wasAhead = known !== undefined && Date.parse(known.until) - Date.parse(now) > SETTLED_MS;
    const reading = known?.rollout === rollout.id && !wasAhead ? known : newReading(rollout);
    reading.until = now;
    readings.set(flow, reading);
    for (const hour of hoursBetween(rollout.startedAt, now)) {
      if (reading.settled.has(hour)) continue;
      await readHour(store, flow, hour, reading);
      if (Date.parse(`${hour}:00:00Z`) + HOUR_MS + SETTLED_MS >= Date.parse(now)) continue;
      reading.settled.add(hour);
      reading.hours.delete(hour);
    }
    reading.traffic.countUpTo(watermarkOf(now));
    return reading.traffic;
  };
}

function newReading({ id, plan }: ActiveRollout): Reading {
  const traffic = createRolloutTraffic(plan.kind === "canary" ? plan.margin : 0);
  return { rollout: id, until: "", settled: new Set(), hours: new Map(), traffic };
}

/** What the traffic that `readRollups` finds is worth. */
export function createEvidenceReader(
  store: BlobStore,
  readRollups: ReadRollups = createRollupReader(store),
): ReadEvidence {
  const readShadow = createShadowReader(store);
  return async (pointer, now) => {
    const { flow, rollout } = pointer;
    if (!rollout) return undefined;
    const traffic = await readRollups(flow, rollout, now);
    const evidence = weighTraffic({ ...pointer, rollout }, traffic);
    const shadow = rollout.plan.kind === "canary" ? rollout.plan.shadow : undefined;
    if (!shadow || pointer.canary?.step !== 0) return evidence;
    return { ...evidence, shadow: await readShadow(flow, rollout.id, shadow.noWorseThan) };
  };
}

/** Lines up to this moment are complete: every process has written what it served until then. */
function watermarkOf(now: string): string {
  return new Date(Date.parse(now) - WATERMARK_MS).toISOString();
}

async function readHour(
  store: BlobStore,
  flow: string,
  hour: string,
  { rollout, hours, traffic }: Reading,
): Promise<void> {
  const blobs = hours.get(hour) ?? new Map<string, { etag: string; taken: number }>();
  hours.set(hour, blobs);
  for await (const { name, etag } of store.list("traffic", trafficPath.rollupHour(flow, hour))) {
    if (blobs.get(name)?.etag === etag) continue;
    const blob = await store.read("traffic", name);
    if (!blob) continue;
    // The last one may have been cut by a process that died. Somebody else may have read more of it meanwhile.
    const lines = blob.body.toString("utf8").split("\n").slice(0, -1);
    const taken = blobs.get(name)?.taken ?? 0;
    if (lines.length >= taken) blobs.set(name, { etag: blob.etag, taken: lines.length });
    traffic.add(linesOf(lines.slice(taken), rollout));
  }
}

function linesOf(lines: readonly string[], rollout: string): TrafficRollup[] {
  return lines
    .filter((line) => line.includes(rollout))
    .map((line) => JSON.parse(line) as TrafficRollup)
    .filter((line) => line.rollout === rollout);
}

function hoursBetween(from: string, to: string): string[] {
  const hours: string[] = [];
  // Clocks of processes may be a little behind the storage service's.
  const first = Math.floor((Date.parse(from) - SETTLED_MS) / HOUR_MS) * HOUR_MS;
  for (let hour = first; hour <= Date.parse(to); hour += HOUR_MS) {
    hours.push(new Date(hour).toISOString().slice(0, 13));
  }
  return hours;
}
