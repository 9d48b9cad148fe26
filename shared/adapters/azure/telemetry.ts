import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { messageOf } from "../../errors.ts";
import type { Attributes, Telemetry, TelemetrySpan } from "../../ports/telemetry.ts";
import type { Settings } from "../../settings.ts";
import { FLOWGATE_ERROR } from "../../model/telemetry-names.ts";
import { createAttributeSets } from "../attribute-sets.ts";
import { presentAttributes } from "../present-attributes.ts";
import { createSilentTelemetry } from "../silent-telemetry.ts";
import type { AzureMonitor } from "./azure-monitor.ts";

/** The first requests of a cold start come before the package is loaded. */
const LOAD_AFTER_MS = 1_000;
/** What is recorded before that waits here; more than this is dropped then. */
const MAX_WAITING = 10_000;

/** A span of ours, and OpenTelemetry's once the package is loaded. */
interface RecordedSpan extends TelemetrySpan {
  opened(): Span | undefined;
}

/**
 * Application Insights, an OTLP endpoint, or both, through OpenTelemetry; silent where the settings name neither. Returns at once:
 * what is recorded before the package is loaded waits with its own time and parent, and is sent once it is.
 */
export function createTelemetry(settings: Pick<Settings, "telemetry" | "otlp">): Telemetry {
  if (settings.telemetry === undefined && settings.otlp === undefined) return createSilentTelemetry();

  let monitor: AzureMonitor | undefined;
  let waiting: ((monitor: AzureMonitor) => void)[] | undefined = [];
  const current = new AsyncLocalStorage<RecordedSpan>();
  const setOf = createAttributeSets();

  /** In the order of the calls: once the package is loaded, and then once all who can be answered now are. */
  function later(report: (monitor: AzureMonitor) => void): void {
    if (waiting && waiting.length >= MAX_WAITING) tell();
    if (!waiting || waiting.length >= MAX_WAITING) return;
    waiting.push(report);
    if (monitor && waiting.length === 1) setImmediate(tell);
  }

  /** Telemetry never throws. */
  function tell(): void {
    if (!monitor || !waiting) return;
    const reports = waiting;
    waiting = [];
    for (const report of reports) {
      try {
        report(monitor);
      } catch {
        // What cannot be recorded must not fail what it describes.
      }
    }
  }

  const start = async (): Promise<void> => {
    try {
      const { startAzureMonitor } = await import("./azure-monitor.ts");
      monitor = await startAzureMonitor(settings);
      tell();
    } catch (error) {
      waiting = undefined;
      console.warn(`Telemetry is off: ${messageOf(error)}. Check APPLICATIONINSIGHTS_CONNECTION_STRING.`);
    }
  };

  let started: Promise<void> | undefined;
  const load = () => (started ??= start());
  setTimeout(() => void load(), LOAD_AFTER_MS).unref();

  return {
    startSpan(name, kind, attributes) {
      const span = recordSpan(name, kind, attributes, current.getStore());
      later(span.open);
      return span;
    },

    inSpan(span, work) {
      // Every span a caller can hold was made by `startSpan` above.
      return current.run(span as RecordedSpan, work);
    },

    event(name, attributes) {
      const parent = current.getStore();
      const timestamp = now();
      later(({ logger }) =>
        logger.emit({
          timestamp,
          context: contextOf(parent),
          body: name,
          // This attribute makes the exporter send a custom event and not a trace line.
          attributes: { "microsoft.custom_event.name": name, ...presentAttributes(attributes) },
        }),
      );
    },

    record(metric, value, attributes) {
      later((loaded) => loaded.histogram(metric).record(value, setOf(attributes)));
    },

    async flush(timeoutMs) {
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      const sent = load()
        .then(() => {
          tell();
          return monitor?.flush();
        })
        .catch(() => undefined);
      await Promise.race([sent, timeout]);
      clearTimeout(timer);
    },
  };
}

/** Holds what is known of a span until `open` gives it to OpenTelemetry; from then on passes everything through. */
function recordSpan(
  name: string,
  kind: "client" | "internal",
  attributes: Attributes,
  parent: RecordedSpan | undefined,
): RecordedSpan & { open: (monitor: AzureMonitor) => void } {
  const startTime = now();
  let known = attributes;
  let span: Span | undefined;
  let failure: string | undefined;
  let endTime: number | undefined;

  function set(more: Attributes): void {
    if (!span) known = { ...known, ...more };
    else if (isSampled(span)) span.setAttributes(presentAttributes(more));
  }

  return {
    set,
    open({ tracer }) {
      const spanKind = kind === "client" ? SpanKind.CLIENT : SpanKind.INTERNAL;
      const outer = parent?.opened();
      // What is in a turn that is not sampled is not sent either: it needs no span of its own.
      span =
        outer && !isSampled(outer)
          ? outer
          : tracer.startSpan(
              name,
              { kind: spanKind, attributes: presentAttributes(known), startTime },
              contextOf(parent),
            );
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      if (endTime !== undefined) span.end(endTime);
    },
    opened: () => span,
    fail(errorKind, message) {
      set({ "error.type": errorKind, [FLOWGATE_ERROR]: errorKind });
      failure = message;
      span?.setStatus({ code: SpanStatusCode.ERROR, message });
    },
    end() {
      endTime ??= now();
      span?.end(endTime);
    },
  };
}

function contextOf(parent: RecordedSpan | undefined): Context {
  const span = parent?.opened();
  return span ? trace.setSpan(ROOT_CONTEXT, span) : ROOT_CONTEXT;
}

function isSampled(span: Span): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** Milliseconds since 1970, with fractions. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
