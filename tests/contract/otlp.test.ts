import { afterAll, beforeAll, expect, test } from "vitest";
import { createTelemetry } from "../../shared/adapters/azure/telemetry.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import { hasArrived, startOtlpCollector } from "../shared/adapters/otlp-collector.ts";

let collector: Awaited<ReturnType<typeof startOtlpCollector>>;
let telemetry: Telemetry;
beforeAll(async () => {
  process.env["OTEL_EXPORTER_OTLP_HEADERS"] = "x-api-key=secret";
  process.env["OTEL_SERVICE_NAME"] = "our-flowgate";
  collector = await startOtlpCollector();
  telemetry = createTelemetry({ telemetry: undefined, otlp: { endpoint: `${collector.url}/` } });
});
afterAll(() => collector.close());

test("without Application Insights traces, metrics and events go to the OTLP endpoint alone", async () => {
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
  expect(hasArrived(requests, "metrics", "flowgate.turn.duration", "answered")).toBe(true);
  expect(hasArrived(requests, "logs", "gen_ai.evaluation.result", "coherence")).toBe(true);
  expect(requests.map(({ headers }) => headers["x-api-key"])).toEqual(requests.map(() => "secret"));
});

test("a collector that is gone is noticed by nobody", async () => {
  await collector.close();
  telemetry.startSpan("lost", "internal", {}).end();
  await expect(telemetry.flush(200)).resolves.toBeUndefined();
});
