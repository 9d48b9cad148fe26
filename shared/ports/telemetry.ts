export type AttributeValue = string | number | boolean;
export type Attributes = Record<string, AttributeValue | undefined>;

export interface TelemetrySpan {
  set(attributes: Attributes): void;
  /** Marks the span failed; the message must hold no content of prompts or answers. */
  fail(kind: string, message: string): void;
  end(): void;
}

/** Records what happened. Never throws, never blocks, never grows without bound. */
export interface Telemetry {
  /** The caller ends the span. `client` for calls to a model, `internal` for work of our own. */
  startSpan(name: string, kind: "client" | "internal", attributes: Attributes): TelemetrySpan;
  /** Runs `work` as a part of `span`: spans started within become its children. Does not end it. */
  inSpan<T>(span: TelemetrySpan, work: () => Promise<T>): Promise<T>;
  /** One custom event (Application Insights: customEvents). */
  event(name: string, attributes: Attributes): void;
  /** One value of a histogram. */
  record(metric: string, value: number, attributes: Attributes): void;
  /** Sends what is waiting; gives up silently after `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
}
