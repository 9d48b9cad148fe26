import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Envelope } from "../local/telemetry/telemetry-row.ts";
import { kindOf, sendScenario } from "../tests/infra/send-scenario.ts";

/**
 * `npm run scenario`: records what the real exporter sends of the dashboards' scenario, for tests/infra/ to ask its
 * questions of. Two things are changed: the scenario's moment becomes an hour, and some of it counts for several, as
 * where the exporter samples.
 */
const FILE = path.resolve(import.meta.dirname, "../tests/infra/scenario.jsonl");
const BEGIN = Date.UTC(2026, 10, 22, 8);
const HOUR_MS = 3_600_000;
/** Per cent that is sent of every so manieth. */
const SAMPLED: Record<string, { every: number; rate: number }> = {
  RemoteDependencyData: { every: 3, rate: 25 },
  EventData: { every: 5, rate: 50 },
};

const sent = Map.groupBy(await sendScenario(), kindOf);
const recorded = [...sent]
  .toSorted(([one], [other]) => one.localeCompare(other, "en"))
  .flatMap(([, alike]) => alike.map((envelope, index) => placed(envelope, index, alike.length)));
await writeFile(FILE, recorded.map((envelope) => `${JSON.stringify(envelope)}\n`).join(""));
console.log(`${path.relative(process.cwd(), FILE)}  ${recorded.length} envelopes`);

function placed({ name, data }: Envelope, index: number, count: number): Envelope {
  const sampled = SAMPLED[data.baseType];
  return {
    name,
    // Not in the order of sending, which has all of stable before all of the canary.
    time: new Date(BEGIN + Math.floor((((index * 25) % count) * HOUR_MS) / count)).toISOString(),
    ...(sampled && index % sampled.every === 0 && { sampleRate: sampled.rate }),
    data,
  };
}
