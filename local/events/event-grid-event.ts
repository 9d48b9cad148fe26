/** One event in the Event Grid schema, as subscribers receive it. */
export interface EventGridEvent {
  id: string;
  /** The resource that raised it. */
  topic: string;
  subject: string;
  eventType: string;
  /** ISO 8601. */
  eventTime: string;
  data: unknown;
  dataVersion: string;
  metadataVersion: "1";
}
