import { afterAll, beforeAll, expect, test } from "vitest";
import { createTelemetry } from "../../shared/adapters/azure/telemetry.ts";
import { flushOtlp, otlpParts } from "../../shared/adapters/otlp.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import { readSettings } from "../../shared/settings.ts";
import { hasArrived, startOtlpCollector } from "../shared/adapters/otlp-collector.ts";

let collector: Awaited<ReturnType<typeof startOtlpCollector>>;
let telemetry: Telemetry;
beforeAll(async () => {
  process.env["OTEL_EXPORTER_OTLP_HEADERS"] = "x-api-key=secret";
  process.env["OTEL_EXPORTER_OTLP_METRICS_HEADERS"] = "x-tenant=metrics";
  process.env["OTEL_SERVICE_NAME"] = "our-flowgate";
  collector = await startOtlpCollector();
  // The logs as JSON and at a path of their own, the others as they go where nothing else is said.
  const { otlp } = readSettings({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${collector.url}/of/ours/logs`,
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/json",
  });
  telemetry = createTelemetry({ telemetry: undefined, otlp });
});
afterAll(() => collector.close());

test("without Application Insights traces, metrics and events go to the OTLP endpoints alone", async () => {
  const turn = telemetry.startSpan("invoke_workflow shop", "internal", { "flowgate.flow": "shop" });
  await telemetry.inSpan(turn, async () => {
    telemetry.startSpan("chat gpt", "client", { "gen_ai.request.model": "gpt" }).end();
    telemetry.event("gen_ai.evaluation.result", { "gen_ai.evaluation.name": "coherence" });
  });
  turn.end();
  telemetry.record("flowgate.turn.duration", 12, { "flowgate.outcome": "answered" });
  await telemetry.flush(30_000);

  const { requests } = collector;
  expect(hasArrived(requests, "traces", "invoke_workflow shop", "chat gpt", "our-flowgate")).toBe(true);
  expect(hasArrived(requests, "metrics", "flowgate.turn.duration", "answered", '"sum":12')).toBe(true);
  expect(hasArrived(requests, "logs", "gen_ai.evaluation.result", "coherence")).toBe(true);
  expect(requests.map(({ headers }) => headers["x-api-key"])).toEqual(requests.map(() => "secret"));
});

test("each signal goes to its own endpoint, in its own protocol and with its own headers", () => {
  const ways = collector.requests.map(
    ({ path, headers }) => `${path} ${String(headers["content-type"])} ${String(headers["x-tenant"])}`,
  );
  expect([...new Set(ways)].sort()).toEqual([
    "/of/ours/logs application/json undefined",
    "/v1/metrics application/x-protobuf metrics",
    "/v1/traces application/x-protobuf undefined",
  ]);
});

test("a signal without an endpoint is not sent", async () => {
  const { otlp } = readSettings({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces` });
  const parts = otlpParts(otlp ?? {});
  expect(parts.spanProcessors).toHaveLength(1);
  expect([...parts.logRecordProcessors, ...parts.metricReaders]).toEqual([]);
  await flushOtlp(parts);
});

test("a collector that is gone is noticed by nobody", async () => {
  await collector.close();
  telemetry.startSpan("lost", "internal", {}).end();
  await expect(telemetry.flush(200)).resolves.toBeUndefined();
});
