import type { Telemetry, TelemetrySpan } from "../ports/telemetry.ts";

const silentSpan: TelemetrySpan = { set() {}, fail() {}, end() {} };

/** Records nothing: for a process that was given no Application Insights connection string. */
export function createSilentTelemetry(): Telemetry {
  return {
    startSpan: () => silentSpan,
    inSpan: (_span, work) => work(),
    event() {},
    record() {},
    flush: async () => {},
  };
}
