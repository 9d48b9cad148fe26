import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rememberedHashes } from "../../scripts/remembered-hashes.ts";
import { createAttributeSets } from "../../shared/adapters/attribute-sets.ts";
import type { Attributes, AttributeValue } from "../../shared/ports/telemetry.ts";

type Metrics = typeof import("@opentelemetry/sdk-metrics");
type Recorded = Record<string, AttributeValue>;
const require = createRequire(import.meta.url);

let packaged: Metrics;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "flowgate-hashes-"));
  const outfile = path.join(folder, "metrics.cjs");
  await build({
    entryPoints: [require.resolve("@opentelemetry/sdk-metrics")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
    plugins: [rememberedHashes],
  });
  packaged = require(outfile) as Metrics;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The points that two histograms have, by their attributes, after the same measurements. */
async function pointsOf(metrics: Metrics, recorded: readonly Recorded[]): Promise<unknown[]> {
  const exporter = new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.DELTA);
  const reader = new metrics.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new metrics.MeterProvider({ readers: [reader] });
  const meter = provider.getMeter("test");
  const histograms = ["one", "other"].map((name) => meter.createHistogram(name));
  // What is remembered must hold for what comes after an export, too.
  for (const part of [recorded.slice(0, 3), recorded]) {
    for (const attributes of part) for (const histogram of histograms) histogram.record(2, attributes);
    await provider.forceFlush();
  }
  const points = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap((scope) =>
        scope.metrics.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          dataPoints.map(({ attributes, value }) => ({ attributes, value })),
        ]),
      ),
    );
  await provider.shutdown();
  return points;
}

test("metrics have the same points as ever: by names in any order, by values and their types", async () => {
  const given: Attributes[] = [
    { flow: "chat", arm: "a" },
    { arm: "a", flow: "chat" },
    { flow: "chat", arm: undefined },
    { flow: "chat" },
    { flow: "chat", count: 1 },
    { flow: "chat", count: "1" },
    { flow: "chat", count: true },
    { flow: "chat", count: "true" },
    {},
  ];
  const setOf = createAttributeSets();
  const sets = [...given, ...given].map((attributes) => setOf(attributes));
  const plain = sets.map((set) => ({ ...set }));
  const expected = await pointsOf(require("@opentelemetry/sdk-metrics") as Metrics, plain);
  const merged = { attributes: given[0], value: expect.objectContaining({ count: 4, sum: 8 }) as unknown };
  expect(expected.at(-1)).toEqual(["other", expect.arrayContaining([merged])]);
  expect(await pointsOf(packaged, sets)).toEqual(expected);
  expect(await pointsOf(packaged, plain)).toEqual(expected);
});

test("attributes that are frozen are read once, others for every measurement, as they may change", async () => {
  let reads = 0;
  const counted = {
    get flow() {
      reads += 1;
      return "chat";
    },
  };
  const frozen = Object.freeze(Object.defineProperties({}, Object.getOwnPropertyDescriptors(counted)));
  await pointsOf(packaged, [frozen, frozen]);
  // Looking at the points reads none of them.
  expect(reads).toBe(1);
  const changing: Recorded = { flow: "chat" };
  const points = async (): Promise<string> => JSON.stringify(await pointsOf(packaged, [changing]));
  expect(await points()).toContain('"chat"');
  changing["flow"] = "search";
  expect(await points()).toContain('"search"');
});
