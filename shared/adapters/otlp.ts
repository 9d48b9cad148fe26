import { logs } from "@opentelemetry/api-logs";
import { metrics, trace } from "@opentelemetry/api";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

const METRICS_MS = 15_000;

/** What sends to an OTLP endpoint, for a provider to take in. */
export interface OtlpParts {
  spanProcessors: BatchSpanProcessor[];
  logRecordProcessors: BatchLogRecordProcessor[];
  metricReaders: PeriodicExportingMetricReader[];
}

/**
 * Traces, metrics and events over OTLP as JSON over HTTP, below the address that OTEL_EXPORTER_OTLP_ENDPOINT names.
 * The exporters read OTEL_EXPORTER_OTLP_HEADERS and _TIMEOUT themselves, as the specification has them.
 */
export function otlpParts(endpoint: string): OtlpParts {
  const url = (signal: string): string => `${endpoint.replace(/\/+$/, "")}/v1/${signal}`;
  return {
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: url("traces") }))],
    logRecordProcessors: [
      new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: url("logs") }) }),
    ],
    metricReaders: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ url: url("metrics") }),
        exportIntervalMillis: METRICS_MS,
        exportTimeoutMillis: METRICS_MS,
      }),
    ],
  };
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
