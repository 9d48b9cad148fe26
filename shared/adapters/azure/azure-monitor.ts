import { metrics, trace, type Histogram, type Tracer } from "@opentelemetry/api";
import { logs, type Logger } from "@opentelemetry/api-logs";
import * as names from "../../model/telemetry-names.ts";
import type { Settings } from "../../settings.ts";
import { flushOtlp, type OtlpParts, otlpParts, registerOtlp } from "../otlp.ts";
import { createLazyCredential } from "./lazy-credential.ts";
import { silenceSdkTracing } from "./silence-sdk-tracing.ts";

/** Local sinks are looked at at once; Azure aggregates by the minute. */
const LOCAL_EXPORT_MS = 5_000;
/** Traces a second and process that reach Azure; metrics and events are never sampled. OTEL_TRACES_SAMPLER overrides. */
const CLOUD_TRACES_PER_SECOND = 50;
const SCOPE = "flowgate";
const UNITS: Record<string, string> = {
  [names.TOKEN_USAGE]: "{token}",
  [names.OPERATION_DURATION]: "s",
  [names.TIME_TO_FIRST_CHUNK]: "s",
  [names.MODEL_COST]: "USD",
  [names.QUEUE_AGE]: "s",
};
const OFF = { enabled: false };

/** OpenTelemetry with the exporters of the settings behind it. */
export interface AzureMonitor {
  tracer: Tracer;
  logger: Logger;
  histogram(metric: string): Histogram;
  /** Sends all that is waiting. */
  flush(): Promise<void>;
}

/**
 * Loads `applicationinsights` (two thirds of a cold start, so not before it is needed) and starts it. Nothing is
 * instrumented by patching other packages: what Flowgate records it records on purpose, and a dependency record for
 * every storage call would cost more than the call. Throws where the connection string does not fit.
 */
export async function startAzureMonitor({
  telemetry,
  otlp,
}: Pick<Settings, "telemetry" | "otlp">): Promise<AzureMonitor> {
  const parts = otlp && otlpParts(otlp);
  const flush = telemetry ? await startExporter(telemetry, parts) : () => Promise.resolve();
  if (parts && !telemetry) registerOtlp(parts);

  const histograms = new Map<string, Histogram>();
  const meter = metrics.getMeter(SCOPE);
  return {
    tracer: trace.getTracer(SCOPE),
    logger: logs.getLogger(SCOPE),
    histogram(metric) {
      const known = histograms.get(metric);
      if (known) return known;
      const made = meter.createHistogram(metric, { unit: UNITS[metric] ?? "1" });
      histograms.set(metric, made);
      return made;
    },
    async flush() {
      await Promise.all([flush(), parts && flushOtlp(parts)]);
    },
  };
}

/** Returns how to send what waits. */
async function startExporter(
  settings: NonNullable<Settings["telemetry"]>,
  parts: OtlpParts | undefined,
): Promise<() => Promise<void>> {
  const { useAzureMonitor, flushAzureMonitor } = await import("applicationinsights");
  const endpoint = ingestionEndpoint(settings.connectionString);
  const local = endpoint.startsWith("http://");
  useAzureMonitor({
    azureMonitorExporterOptions: exporterOptions(settings),
    ...parts,
    samplingRatio: 1,
    // 0: the ratio above decides. The package's own default of 5 drops nearly every span of an evaluation.
    tracesPerSecond: local ? 0 : CLOUD_TRACES_PER_SECOND,
    enableTraceBasedSamplingForLogs: false,
    enableLiveMetrics: !local,
    enableStandardMetrics: !local,
    enablePerformanceCounters: !local,
    enableAutoCollectExceptions: false,
    instrumentationOptions: {
      http: OFF,
      azureSdk: OFF,
      mongoDb: OFF,
      mySql: OFF,
      postgreSql: OFF,
      redis: OFF,
      redis4: OFF,
      console: OFF,
      bunyan: OFF,
      winston: OFF,
    },
  });
  silenceSdkTracing();
  if (local) setInterval(() => void flushAzureMonitor(), LOCAL_EXPORT_MS).unref();
  return () => flushAzureMonitor();
}

/**
 * What the exporter is told of where it sends to. The package reads APPLICATIONINSIGHTS_AUTHENTICATION_STRING for its
 * live metrics alone: without a credential of ours all else would be refused where keys are off.
 */
export function exporterOptions({ connectionString, byIdentity }: NonNullable<Settings["telemetry"]>) {
  const host = ingestionEndpoint(connectionString);
  // Without `host` the exporter turns http:// into https://.
  if (host.startsWith("http://")) {
    return { connectionString, host, allowInsecureConnection: true, disableOfflineStorage: true };
  }
  return byIdentity ? { connectionString, credential: createLazyCredential() } : { connectionString };
}

function ingestionEndpoint(connectionString: string): string {
  return /IngestionEndpoint=([^;]+)/i.exec(connectionString)?.[1] ?? "";
}
