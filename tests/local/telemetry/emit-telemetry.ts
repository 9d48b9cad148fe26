/**
 * Run as a process of its own, as `node emit-telemetry.ts <connection string> <host>`: the exporter's state is global.
 * Sends a span, a custom event, a histogram and an exception through the real package, and ends.
 */
import { metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { flushAzureMonitor, shutdownAzureMonitor, useAzureMonitor } from "applicationinsights";

const [connectionString = "", host = ""] = process.argv.slice(2);
useAzureMonitor({
  azureMonitorExporterOptions: {
    connectionString,
    host,
    allowInsecureConnection: true,
    disableOfflineStorage: true,
  },
  tracesPerSecond: 0,
  samplingRatio: 1,
  enableLiveMetrics: false,
  enableStandardMetrics: false,
  enablePerformanceCounters: false,
});

const tracer = trace.getTracer("flowgate");
for (let number = 1; number <= 50; number += 1) {
  const attributes = { "gen_ai.request.model": "gpt-4o-mini", "flowgate.flow": "contoso-chat", number };
  tracer.startActiveSpan("chat gpt-4o-mini", { kind: SpanKind.CLIENT, attributes }, (span) => {
    if (number === 1) {
      logs.getLogger("flowgate").emit({
        attributes: {
          "microsoft.custom_event.name": "gen_ai.evaluation.result",
          "gen_ai.evaluation.score.value": 4.5,
        },
      });
    }
    span.end();
  });
}
const failing = tracer.startSpan("failing step");
failing.recordException(new Error("the step broke"));
failing.setStatus({ code: SpanStatusCode.ERROR });
failing.end();

const histogram = metrics.getMeter("flowgate").createHistogram("gen_ai.client.token.usage");
histogram.record(10, { "flowgate.flow": "contoso-chat" });
histogram.record(30, { "flowgate.flow": "contoso-chat" });

await flushAzureMonitor();
await shutdownAzureMonitor();
