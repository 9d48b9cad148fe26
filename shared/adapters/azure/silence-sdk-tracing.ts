import { useInstrumenter } from "@azure/core-tracing";
import type { Instrumenter, TracingContext, TracingSpan } from "@azure/core-tracing";

const context: TracingContext = {
  getValue: () => undefined,
  setValue: () => context,
  deleteValue: () => context,
};

const span: TracingSpan = {
  end() {},
  isRecording: () => false,
  recordException() {},
  setAttribute() {},
  setStatus() {},
};

const silent: Instrumenter = {
  createRequestHeaders: () => ({}),
  parseTraceparentHeader: () => undefined,
  startSpan: () => ({ span, tracingContext: context }),
  withContext: (_context, callback, ...parameters) => callback(...parameters),
};

/**
 * Takes Azure's SDKs off the tracer again. `useAzureMonitor` puts them on whatever `instrumentationOptions.azureSdk`
 * says; an evaluation would then report every storage call twice, and every blob that is not there as an exception.
 */
export function silenceSdkTracing(): void {
  useInstrumenter(silent);
}
