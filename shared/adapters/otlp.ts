import { logs } from "@opentelemetry/api-logs";
import { metrics, trace } from "@opentelemetry/api";
import { OTLPLogExporter as JsonLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter as JsonMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { OtlpSettings, OtlpTarget } from "../otlp-settings.ts";

const METRICS_MS = 15_000;

/** What sends to an OTLP endpoint, for a provider to take in. */
export interface OtlpParts {
  spanProcessors: BatchSpanProcessor[];
  logRecordProcessors: BatchLogRecordProcessor[];
  metricReaders: PeriodicExportingMetricReader[];
}

/**
 * What sends each signal to where the settings have it, as protobuf or JSON over HTTP. The exporters read
 * OTEL_EXPORTER_OTLP_HEADERS, _TIMEOUT, _COMPRESSION and _CERTIFICATE themselves, and those of a signal.
 */
export function otlpParts({ traces, metrics: ofMetrics, logs: ofLogs }: OtlpSettings): OtlpParts {
  return {
    spanProcessors: traces ? [new BatchSpanProcessor(traceExporter(traces))] : [],
    logRecordProcessors: ofLogs ? [new BatchLogRecordProcessor({ exporter: logExporter(ofLogs) })] : [],
    metricReaders: ofMetrics
      ? [
          new PeriodicExportingMetricReader({
            exporter: metricExporter(ofMetrics),
            exportIntervalMillis: METRICS_MS,
            exportTimeoutMillis: METRICS_MS,
          }),
        ]
      : [],
  };
}

function traceExporter({ url, protocol }: OtlpTarget) {
  return protocol === "http/json" ? new JsonTraceExporter({ url }) : new OTLPTraceExporter({ url });
}

function logExporter({ url, protocol }: OtlpTarget) {
  return protocol === "http/json" ? new JsonLogExporter({ url }) : new OTLPLogExporter({ url });
}

function metricExporter({ url, protocol }: OtlpTarget) {
  return protocol === "http/json" ? new JsonMetricExporter({ url }) : new OTLPMetricExporter({ url });
}

/** Makes these parts all that OpenTelemetry's API of this process sends to. */
export function registerOtlp({ spanProcessors, logRecordProcessors, metricReaders }: OtlpParts): void {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ "service.name": "flowgate" }))
    .merge(detectResources({ detectors: [envDetector] }));
  trace.setGlobalTracerProvider(new BasicTracerProvider({ resource, spanProcessors }));
  logs.setGlobalLoggerProvider(new LoggerProvider({ resource, processors: logRecordProcessors }));
  metrics.setGlobalMeterProvider(new MeterProvider({ resource, readers: metricReaders }));
}

/** Sends what waits. What cannot be sent is the exporter's to report. */
export async function flushOtlp(parts: OtlpParts): Promise<void> {
  const all = [...parts.spanProcessors, ...parts.logRecordProcessors, ...parts.metricReaders];
  await Promise.allSettled(all.map((part) => part.forceFlush()));
}
