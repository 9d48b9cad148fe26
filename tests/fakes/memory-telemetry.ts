import { AsyncLocalStorage } from "node:async_hooks";
import type { Attributes, Telemetry, TelemetrySpan } from "../../shared/ports/telemetry.ts";

export interface MemorySpan {
  name: string;
  kind: "client" | "internal";
  attributes: Attributes;
  parent: string | undefined;
  failure: { kind: string; message: string } | undefined;
  ended: boolean;
}

export interface MemoryTelemetry extends Telemetry {
  readonly spans: MemorySpan[];
  readonly events: { name: string; attributes: Attributes }[];
  readonly values: { metric: string; value: number; attributes: Attributes }[];
}

/** Telemetry that remembers what it was told. */
export function createMemoryTelemetry(): MemoryTelemetry {
  const spans: MemorySpan[] = [];
  const events: MemoryTelemetry["events"] = [];
  const values: MemoryTelemetry["values"] = [];
  const current = new AsyncLocalStorage<MemorySpan>();
  const records = new WeakMap<TelemetrySpan, MemorySpan>();
  return {
    spans,
    events,
    values,
    startSpan(name, kind, attributes) {
      const record: MemorySpan = {
        name,
        kind,
        attributes: { ...attributes },
        parent: current.getStore()?.name,
        failure: undefined,
        ended: false,
      };
      spans.push(record);
      const span: TelemetrySpan = {
        set: (more) => void Object.assign(record.attributes, more),
        fail: (kind, message) => void (record.failure = { kind, message }),
        end: () => void (record.ended = true),
      };
      records.set(span, record);
      return span;
    },
    inSpan(span, work) {
      const record = records.get(span);
      return record ? current.run(record, work) : work();
    },
    event: (name, attributes) => void events.push({ name, attributes }),
    record: (metric, value, attributes) => void values.push({ metric, value, attributes }),
    flush: async () => {},
  };
}
