import { addMeasures, newMeasures } from "../../shared/model/traffic-measures.ts";
import { type Arm, ARMS, type TrafficMeasures, type TrafficRollup } from "../../shared/model/traffic.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { createJson, readJson } from "../../shared/registry/json-blob.ts";
import { trafficPath } from "../../shared/registry/paths.ts";

/** What one version served in one minute. */
export interface MinuteTraffic {
  /** 00 to 59. */
  minute: string;
  arm: Arm;
  version: string;
  measures: TrafficMeasures;
}

/** The traffic of an hour (as in ISO 8601, UTC: 2026-11-26T16), minute by minute. */
export type ReadHour = (flow: string, hour: string, now: Date) => Promise<readonly MinuteTraffic[]>;

const HOUR_MS = 3_600_000;
/** An hour that ended longer ago gets no more lines. */
const SETTLED_MS = 10 * 60_000;
/** Hours kept in memory: a week of one flow, and then some. */
const MOST_HOURS = 300;

/**
 * Reads hours of traffic. Processes write a blob a minute each; the first who reads an hour that is over writes what
 * they say together into one blob, which is all that is read of it from then on.
 */
export function createHourReader(store: BlobStore): ReadHour {
  const known = new Map<string, readonly MinuteTraffic[]>();
  return async (flow, hour, now) => {
    if (now.getTime() < Date.parse(`${hour}:00:00Z`) + HOUR_MS + SETTLED_MS) {
      return addedUp(await readLines(store, flow, hour));
    }
    const name = trafficPath.hour(flow, hour);
    const remembered = known.get(name);
    if (remembered) return remembered;
    const written = await readJson<MinuteTraffic[]>(store, "traffic", name);
    const minutes = written?.value ?? addedUp(await readLines(store, flow, hour));
    // An hour without traffic is not worth a blob: to list nothing is as cheap.
    if (!written && minutes.length > 0) await createJson(store, "traffic", name, minutes);
    if (known.size >= MOST_HOURS) known.clear();
    known.set(name, minutes);
    return minutes;
  };
}

async function readLines(store: BlobStore, flow: string, hour: string): Promise<TrafficRollup[]> {
  const blobs: Promise<TrafficRollup[]>[] = [];
  for await (const { name } of store.list("traffic", trafficPath.rollupHour(flow, hour))) {
    blobs.push(readBlob(store, name));
  }
  return (await Promise.all(blobs)).flat();
}

/** The whole lines: the last may have been cut by a process that died. */
async function readBlob(store: BlobStore, name: string): Promise<TrafficRollup[]> {
  const blob = await store.read("traffic", name);
  const lines = blob?.body.toString("utf8").split("\n").slice(0, -1) ?? [];
  return lines.map((line) => JSON.parse(line) as TrafficRollup);
}

function addedUp(lines: readonly TrafficRollup[]): MinuteTraffic[] {
  const minutes = new Map<string, MinuteTraffic>();
  for (const { at, arms } of lines) {
    const minute = at.slice(14, 16);
    for (const arm of ARMS) {
      const served = arms[arm];
      if (!served?.measures) continue;
      const key = `${minute}/${arm}/${served.version}`;
      const sum = minutes.get(key) ?? { minute, arm, version: served.version, measures: newMeasures() };
      minutes.set(key, sum);
      addMeasures(sum.measures, served.measures);
    }
  }
  return [...minutes.values()].sort((a, b) => (a.minute < b.minute ? -1 : 1));
}
