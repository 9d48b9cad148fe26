import type { ActiveRollout } from "../../shared/model/release.ts";
import type { TrafficRollup } from "../../shared/model/traffic.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { trafficPath } from "../../shared/registry/paths.ts";
import type { ReadEvidence } from "./evidence.ts";
import { createShadowReader } from "./read-shadow.ts";
import { weighTraffic } from "./weigh-traffic.ts";

/** By then every process has written what it served. */
const WATERMARK_MS = 15_000;
const HOUR_MS = 3_600_000;
/** An hour that ended longer ago gets no more lines. */
const SETTLED_MS = 10 * 60_000;

/** Where one rollout's traffic was read. */
interface Reading {
  rollout: string;
  /** The blobs of hours that are over; they are not asked for again. */
  settled: Set<string>;
  blobs: Map<string, { etag: string; lines: TrafficRollup[] }>;
}

/** The lines of a rollout's traffic, oldest blob first. `now`: ISO 8601, by the storage service's clock. */
export type ReadRollups = (flow: string, rollout: ActiveRollout, now: string) => Promise<TrafficRollup[]>;

/**
 * Reads a rollout's rollups. A process remembers what it read of the rollouts under way: only blobs that are new or
 * have grown are read again.
 */
export function createRollupReader(store: BlobStore): ReadRollups {
  const readings = new Map<string, Reading>();
  return async (flow, rollout, now) => {
    const known = readings.get(flow);
    const reading: Reading =
      known?.rollout === rollout.id ? known : { rollout: rollout.id, settled: new Set(), blobs: new Map() };
    readings.set(flow, reading);
    for (const hour of hoursBetween(rollout.startedAt, now)) {
      if (reading.settled.has(hour)) continue;
      await readHour(store, flow, hour, reading);
      if (Date.parse(`${hour}:00:00Z`) + HOUR_MS + SETTLED_MS < Date.parse(now)) reading.settled.add(hour);
    }
    return [...reading.blobs.values()].flatMap((blob) => blob.lines);
  };
}

/** What the lines that `readRollups` finds are worth, those up to the watermark. */
export function createEvidenceReader(
  store: BlobStore,
  readRollups: ReadRollups = createRollupReader(store),
): ReadEvidence {
  const readShadow = createShadowReader(store);
  return async (pointer, now) => {
    const { flow, rollout } = pointer;
    if (!rollout) return undefined;
    const lines = await readRollups(flow, rollout, now);
    const evidence = weighTraffic({ ...pointer, rollout }, lines, watermarkOf(now));
    const shadow = rollout.plan.kind === "canary" ? rollout.plan.shadow : undefined;
    if (!shadow || pointer.canary?.step !== 0) return evidence;
    return { ...evidence, shadow: await readShadow(flow, rollout.id, shadow.noWorseThan) };
  };
}

/** Lines up to this moment are complete: every process has written what it served until then. */
export function watermarkOf(now: string): string {
  return new Date(Date.parse(now) - WATERMARK_MS).toISOString();
}

async function readHour(
  store: BlobStore,
  flow: string,
  hour: string,
  { rollout, blobs }: Reading,
): Promise<void> {
  for await (const { name, etag } of store.list("traffic", trafficPath.rollupHour(flow, hour))) {
    if (blobs.get(name)?.etag === etag) continue;
    const blob = await store.read("traffic", name);
    if (blob) blobs.set(name, { etag: blob.etag, lines: linesOf(blob.body, rollout) });
  }
}

/** The whole lines of a rollout: the last may have been cut by a process that died. */
function linesOf(body: Buffer, rollout: string): TrafficRollup[] {
  const lines = body.toString("utf8").split("\n").slice(0, -1);
  return lines
    .filter((line) => line.includes(rollout))
    .map((line) => JSON.parse(line) as TrafficRollup)
    .filter((line) => line.rollout === rollout);
}

function hoursBetween(from: string, to: string): string[] {
  const hours: string[] = [];
  // Clocks of processes may be a little behind the storage service's.
  const first = Math.floor((Date.parse(from) - SETTLED_MS) / HOUR_MS) * HOUR_MS;
  for (let hour = first; hour <= Date.parse(to) + SETTLED_MS; hour += HOUR_MS) {
    hours.push(new Date(hour).toISOString().slice(0, 13));
  }
  return hours;
}
