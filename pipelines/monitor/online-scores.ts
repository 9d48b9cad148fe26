import type { OnlineScores } from "../../shared/model/monitored-turn.ts";
import type { ScorePoint } from "../../shared/model/flow-traffic.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { trafficPath } from "../../shared/registry/paths.ts";

const DAY_MS = 86_400_000;
/** More batches of a day than this are not read: the means would not get much surer. */
const MOST_BATCHES = 500;

/** The online scores from `from` to `to`, added up by the step that `stepOf` puts a time (ISO 8601) into. */
export async function onlineScores(
  store: BlobStore,
  flow: string,
  { from, to }: { from: Date; to: Date },
  stepOf: (at: string) => string,
): Promise<ScorePoint[]> {
  const sums = new Map<string, ScorePoint>();
  for (const day of daysBetween(from, to)) {
    for (const { at, turns } of await readDay(store, flow, day)) {
      if (Date.parse(at) < from.getTime() || Date.parse(at) > to.getTime()) continue;
      for (const { version, scores } of turns) {
        for (const [metric, { value, passed }] of Object.entries(scores)) {
          if (value === null) continue;
          const key = `${stepOf(at)} ${version} ${metric}`;
          const sum = sums.get(key) ?? { at: stepOf(at), version, metric, turns: 0, mean: 0, failed: 0 };
          sums.set(key, sum);
          sum.turns += 1;
          sum.mean += (value - sum.mean) / sum.turns;
          if (passed === false) sum.failed += 1;
        }
      }
    }
  }
  return [...sums.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
}

async function readDay(store: BlobStore, flow: string, day: string): Promise<OnlineScores[]> {
  const names: string[] = [];
  for await (const { name } of store.list("traffic", trafficPath.keptDay(flow, "scores", day))) {
    names.push(name);
    if (names.length === MOST_BATCHES) break;
  }
  const read = await Promise.all(names.map((name) => readJson<OnlineScores>(store, "traffic", name)));
  return read.flatMap((batch) => (batch ? [batch.value] : []));
}

function daysBetween(from: Date, to: Date): string[] {
  const days: string[] = [];
  // Turns are scored after they were asked, and lie under the day of that.
  for (let at = from.getTime() - DAY_MS; at <= to.getTime(); at += DAY_MS) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  const last = to.toISOString().slice(0, 10);
  return days.includes(last) ? days : [...days, last];
}
