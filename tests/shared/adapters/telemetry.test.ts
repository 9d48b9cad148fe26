import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sink, startTelemetrySink } from "../../../local/telemetry/start-sink.ts";
import { exporterOptions } from "../../../shared/adapters/azure/azure-monitor.ts";
import { createTelemetry } from "../../../shared/adapters/azure/telemetry.ts";
import type { Telemetry } from "../../../shared/ports/telemetry.ts";
import { hasArrived, startOtlpCollector } from "./otlp-collector.ts";

// One process can start the package once, so the tests share one telemetry, recorded into before and after loading.
let sink: Sink;
let collector: Awaited<ReturnType<typeof startOtlpCollector>>;
let folder: string;
let telemetry: Telemetry;
beforeAll(async () => {
  process.env["APPLICATION_INSIGHTS_NO_STATSBEAT"] = "1";
  folder = await mkdtemp(join(tmpdir(), "flowgate-telemetry-"));
  sink = await startTelemetrySink({ folder });
  collector = await startOtlpCollector();
  telemetry = createTelemetry({
    telemetry: { connectionString: sink.connectionString },
    otlp: collector.settings,
  });
});
afterAll(async () => {
  await sink.close();
  await collector.close();
  await rm(folder, { recursive: true, force: true });
});

async function recordTurn(prefix: string): Promise<void> {
  const turn = telemetry.startSpan(`${prefix} turn`, "internal", {
    "flowgate.flow": "shop",
    absent: undefined,
  });
  await telemetry.inSpan(turn, async () => {
    const call = telemetry.startSpan(`${prefix} chat gpt`, "client", { "gen_ai.request.model": "gpt" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    call.set({ "gen_ai.usage.input_tokens": 12 });
    call.fail("throttled", "throttled (HTTP 429)");
    call.end();
    telemetry.event(`${prefix} event`, { "flowgate.version": "3f9a1c2e8b04", score: 4.5 });
  });
  turn.end();
  telemetry.record(`${prefix}.duration`, 2, { "flowgate.purpose": "answer" });
  telemetry.record(`${prefix}.duration`, 4, { "flowgate.purpose": "answer" });
}

// "early" is recorded while the package is not loaded yet: the load starts with the first flush.
test.each(["early", "late"])(
  "what is recorded %s arrives with its names, parents and attributes",
  async (prefix) => {
    await recordTurn(prefix);
    await telemetry.flush(30_000);

    const call = await sink.waitFor((row) => row.name === `${prefix} chat gpt`, 60_000);
    const turn = await sink.waitFor((row) => row.name === `${prefix} turn`, 60_000);
    expect(call).toMatchObject({ table: "dependencies", success: false, operation_Id: turn.operation_Id });
    expect(call.customDimensions).toMatchObject({
      "gen_ai.request.model": "gpt",
      "gen_ai.usage.input_tokens": "12",
      "flowgate.error": "throttled",
    });
    expect(call.duration).toBeGreaterThanOrEqual(15);
    expect(turn.customDimensions).toMatchObject({ "flowgate.flow": "shop" });
    expect(turn.customDimensions).not.toHaveProperty("absent");

    const event = await sink.waitFor((row) => row.name === `${prefix} event`, 60_000);
    expect(event).toMatchObject({ table: "customEvents", operation_Id: turn.operation_Id });
    expect(event.customDimensions).toMatchObject({ "flowgate.version": "3f9a1c2e8b04", score: "4.5" });

    const metric = await sink.waitFor((row) => row.name === `${prefix}.duration`, 60_000);
    expect(metric).toMatchObject({ table: "customMetrics" });
    expect(metric.customDimensions).toMatchObject({ "flowgate.purpose": "answer" });

    const { requests } = collector;
    expect(hasArrived(requests, "traces", `${prefix} turn`)).toBe(true);
    expect(hasArrived(requests, "metrics", `${prefix}.duration`)).toBe(true);
    expect(hasArrived(requests, "logs", `${prefix} event`)).toBe(true);
  },
  60_000,
);

test("nearly every span gets through, not five a second", async () => {
  for (let index = 0; index < 300; index += 1) telemetry.startSpan("burst", "internal", {}).end();
  await telemetry.flush(30_000);
  expect(sink.query({ name: "burst" })).toHaveLength(300);
});

test("a sink that is gone is noticed by nobody, and flush gives up in time", async () => {
  await sink.close();
  await recordTurn("lost");
  await expect(telemetry.flush(200)).resolves.toBeUndefined();
  sink = await startTelemetrySink({ folder });
});

test("without a connection string nothing is recorded and everything works", async () => {
  const silent = createTelemetry({ telemetry: undefined, otlp: undefined });
  const span = silent.startSpan("x", "internal", {});
  span.set({ a: 1 });
  span.fail("x", "y");
  span.end();
  silent.event("x", {});
  silent.record("x", 1, {});
  expect(await silent.inSpan(span, async () => "through")).toBe("through");
  await silent.flush(10);
});

test("where keys are off what is sent is signed by the process's identity, and never sent to a local sink", () => {
  const cloud = { connectionString: "InstrumentationKey=1;IngestionEndpoint=https://in.example.com/" };
  expect(exporterOptions({ ...cloud, byIdentity: true })).toEqual({
    ...cloud,
    credential: { getToken: expect.any(Function) },
  });
  expect(exporterOptions({ ...cloud, byIdentity: false })).toEqual(cloud);
  const local = {
    connectionString: "InstrumentationKey=1;IngestionEndpoint=http://127.0.0.1:1/",
    byIdentity: true,
  };
  expect(exporterOptions(local)).not.toHaveProperty("credential");
});
