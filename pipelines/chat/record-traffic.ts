import type {
  Arm,
  ArmTraffic,
  DefectClass,
  TrafficMeasures,
  TrafficRollup,
} from "../../shared/model/traffic.ts";
import type { TrafficRecorder } from "../../shared/model/traffic-recorder.ts";
import { sessionHash } from "../../shared/model/session-hash.ts";
import { addMeasures, measureTurn, newMeasures } from "../../shared/model/traffic-measures.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { trafficPath } from "../../shared/registry/paths.ts";

const FLUSH_MS = 5_000;
/** More sessions of an arm than this between two writes are thinned out by their hash. */
const MOST_SESSIONS = 2_000;

interface Counted {
  flow: string;
  rollup: Pick<TrafficRollup, "rollout" | "step" | "weight">;
  arms: Map<Arm, CountedArm>;
}

interface CountedArm {
  version: string;
  requests: number;
  share: number;
  sessions: Set<string>;
  defects: Map<DefectClass, Set<string>>;
  measures: TrafficMeasures;
}

/** One append a flow and rollout every few seconds in which it was used, to a blob per minute and `instance`. */
export function createTrafficRecorder(dependencies: {
  store: BlobStore;
  clock: Clock;
  instance: string;
}): TrafficRecorder {
  const { store, clock, instance } = dependencies;
  let waiting = new Map<string, Counted>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    const taken = waiting;
    waiting = new Map();
    for (const [key, counted] of taken) {
      try {
        await append(counted);
      } catch {
        // Storage is gone: it is counted on, in bounded space.
        const newer = waiting.get(key);
        waiting.set(key, newer ? merged(counted, newer) : counted);
      }
    }
  };

  const append = async ({ flow, rollup, arms }: Counted): Promise<void> => {
    const at = clock.now().toISOString();
    const line: TrafficRollup = { at, ...rollup, arms: {} };
    for (const [arm, counted] of arms) line.arms[arm] = written(counted);
    const name = trafficPath.rollup(flow, at.slice(0, 13), at.slice(14, 16), instance);
    await store.append("traffic", name, `${JSON.stringify(line)}\n`);
  };

  const flush = async (): Promise<void> => {
    await writing;
    writing = write().finally(() => (writing = undefined));
    await writing;
  };

  return {
    record({ serving, session, defects, requests = 1, measured, ratings }) {
      const { flow, version, share } = serving;
      const { arm = "stable", rollout, step, weight } = share ?? {};
      const key = `${flow}/${rollout ?? ""}/${step ?? ""}/${rollout === undefined ? version : ""}`;
      const counted = waiting.get(key) ?? { flow, rollup: { rollout, step, weight }, arms: new Map() };
      waiting.set(key, counted);
      const of = counted.arms.get(arm) ?? newArm(version);
      counted.arms.set(arm, of);
      of.requests += requests;
      if (measured) measureTurn(of.measures, measured);
      of.measures.feedback.up += ratings?.up ?? 0;
      of.measures.feedback.down += ratings?.down ?? 0;
      const hash = typeof session === "string" ? sessionHash(session) : session.hash;
      if (isListed(hash, of.share)) {
        of.sessions.add(hash);
        for (const defect of defects) {
          const sessions = of.defects.get(defect) ?? new Set();
          of.defects.set(defect, sessions.add(hash));
        }
        thinOut(of);
      }
      timer ??= setInterval(() => {
        if (waiting.size > 0) void flush();
      }, FLUSH_MS).unref();
    },
    flush,
    async close() {
      clearInterval(timer);
      timer = undefined;
      await flush();
    },
  };
}

function newArm(version: string): CountedArm {
  return { version, requests: 0, share: 1, sessions: new Set(), defects: new Map(), measures: newMeasures() };
}

function merged(older: Counted, newer: Counted): Counted {
  for (const [arm, from] of older.arms) {
    const into = newer.arms.get(arm) ?? newArm(from.version);
    newer.arms.set(arm, into);
    into.requests += from.requests;
    addMeasures(into.measures, from.measures);
    into.share = Math.min(into.share, from.share);
    for (const hash of from.sessions) into.sessions.add(hash);
    for (const [defect, hashes] of from.defects) {
      into.defects.set(defect, new Set([...(into.defects.get(defect) ?? []), ...hashes]));
    }
    keepShare(into);
    thinOut(into);
  }
  return newer;
}

function thinOut(arm: CountedArm): void {
  while (arm.sessions.size > MOST_SESSIONS) {
    arm.share /= 2;
    keepShare(arm);
  }
}

function keepShare(arm: CountedArm): void {
  for (const hashes of [arm.sessions, ...arm.defects.values()]) {
    for (const hash of hashes) if (!isListed(hash, arm.share)) hashes.delete(hash);
  }
}

/** Whether a hash is of the listed share, which halves as it gets less: who is of the smaller is of the larger. */
function isListed(hash: string, share: number): boolean {
  return share === 1 || Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32 < share;
}

function written({ version, requests, share, sessions, defects, measures }: CountedArm): ArmTraffic {
  return {
    version,
    requests,
    share,
    sessions: [...sessions],
    defects: Object.fromEntries([...defects].map(([defect, hashes]) => [defect, [...hashes]])),
    measures,
  };
}
