import * as z from "zod";

/** The Application Insights tables that are told apart; what fits none is `other`. */
export type TelemetryTable =
  | "requests"
  | "dependencies"
  | "customEvents"
  | "customMetrics"
  | "traces"
  | "exceptions"
  | "other";

/** One row as an Application Insights query would return it; columns that a table lacks are undefined. */
export interface TelemetryRow {
  table: TelemetryTable;
  /** ISO 8601. */
  timestamp: string;
  name: string;
  /** Every value is a string, as in Application Insights. */
  customDimensions: Record<string, string>;
  customMeasurements: Record<string, number>;
  operation_Id: string | undefined;
  operation_ParentId: string | undefined;
  operation_Name: string | undefined;
  cloud_RoleName: string | undefined;
  cloud_RoleInstance: string | undefined;
  /** Of requests and dependencies: the span's id. */
  id: string | undefined;
  /** Milliseconds. */
  duration: number | undefined;
  success: boolean | undefined;
  resultCode: string | undefined;
  target: string | undefined;
  type: string | undefined;
  data: string | undefined;
  /** Of traces and exceptions. */
  message: string | undefined;
  severityLevel: string | undefined;
  /** For how many items the row stands, where the sender sampled. */
  itemCount: number;
  /** Of customMetrics: the sum of `valueCount` values. */
  value: number | undefined;
  valueCount: number | undefined;
  valueMin: number | undefined;
  valueMax: number | undefined;
}

const text = z.string().optional();
const number = z.number().optional();

/** What is read of an envelope of the ingestion protocol; the rest passes through to the log file. */
export const envelopeSchema = z.object({
  name: z.string(),
  time: z.string().refine((time) => !Number.isNaN(Date.parse(time)), "is no time"),
  iKey: text,
  /** Per cent of the items that were sent. */
  sampleRate: z.number().positive().optional(),
  tags: z.record(z.string(), z.unknown()).optional(),
  data: z.object({
    baseType: z.string(),
    baseData: z.object({
      name: text,
      id: text,
      duration: text,
      success: z.boolean().optional(),
      responseCode: z.coerce.string().optional(),
      resultCode: z.coerce.string().optional(),
      target: text,
      type: text,
      data: text,
      url: text,
      message: text,
      severityLevel: z.coerce.string().optional(),
      properties: z.record(z.string(), z.unknown()).nullish(),
      measurements: z.record(z.string(), z.number()).nullish(),
      metrics: z
        .array(z.object({ name: z.string(), value: z.number(), count: number, min: number, max: number }))
        .optional(),
      exceptions: z.array(z.object({ typeName: text, message: text })).optional(),
    }),
  }),
});
export type Envelope = z.infer<typeof envelopeSchema>;

const TABLES: Record<string, TelemetryTable> = {
  RequestData: "requests",
  RemoteDependencyData: "dependencies",
  EventData: "customEvents",
  MetricData: "customMetrics",
  MessageData: "traces",
  ExceptionData: "exceptions",
};

/** The rows of one envelope: one, or one for each metric it holds. */
export function rowsOf(envelope: Envelope): TelemetryRow[] {
  const { baseType, baseData } = envelope.data;
  const tag = (name: string): string | undefined => {
    const value = envelope.tags?.[name];
    return typeof value === "string" ? value : undefined;
  };
  const exception = baseData.exceptions?.[0];
  const row: TelemetryRow = {
    table: TABLES[baseType] ?? "other",
    timestamp: new Date(envelope.time).toISOString(),
    name: baseData.name ?? exception?.typeName ?? "",
    customDimensions: stringsOf(baseData.properties ?? {}),
    customMeasurements: baseData.measurements ?? {},
    operation_Id: tag("ai.operation.id"),
    operation_ParentId: tag("ai.operation.parentId"),
    operation_Name: tag("ai.operation.name"),
    cloud_RoleName: tag("ai.cloud.role"),
    cloud_RoleInstance: tag("ai.cloud.roleInstance"),
    id: baseData.id,
    duration: millisecondsOf(baseData.duration),
    success: baseData.success,
    resultCode: baseData.resultCode ?? baseData.responseCode,
    target: baseData.target,
    type: baseData.type,
    data: baseData.data ?? baseData.url,
    message: baseData.message ?? exception?.message,
    severityLevel: baseData.severityLevel,
    itemCount: Math.round(100 / (envelope.sampleRate ?? 100)),
    value: undefined,
    valueCount: undefined,
    valueMin: undefined,
    valueMax: undefined,
  };
  if (!baseData.metrics) return [row];
  return baseData.metrics.map((metric) => ({
    ...row,
    name: metric.name,
    value: metric.value,
    valueCount: metric.count ?? 1,
    valueMin: metric.min ?? metric.value,
    valueMax: metric.max ?? metric.value,
  }));
}

function stringsOf(properties: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** Milliseconds of `[days.]hours:minutes:seconds[.fraction]`. */
function millisecondsOf(duration: string | undefined): number | undefined {
  const parts = /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(duration ?? "");
  if (!parts) return undefined;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000;
}
