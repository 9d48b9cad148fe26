import { randomUUID } from "node:crypto";
import { messageOf } from "../../shared/errors.ts";
import { problem, type ServiceReply, type ServiceRequest, startHttpService } from "../events/http-service.ts";
import { openEnvelopeLog } from "./envelope-log.ts";
import { readTrackBody, type TrackBody } from "./read-track-body.ts";
import { rowsOf, type TelemetryRow, type TelemetryTable } from "./telemetry-row.ts";

export interface SinkOptions {
  /** Where the envelopes are kept, as JSONL files a day; made where it is missing. */
  folder: string;
  /** 0 or absent: a free one. */
  port?: number;
  /** What the files may hold together; the oldest go first. */
  maxBytes?: number;
}

export interface RowQuery {
  table?: TelemetryTable;
  name?: string;
  /** Rows of this moment and later. */
  since?: Date;
  where?: (row: TelemetryRow) => boolean;
}

export interface Sink {
  /** For `APPLICATIONINSIGHTS_CONNECTION_STRING`. */
  connectionString: string;
  url: string;
  /** Of the newest 20,000 rows, oldest first. */
  query(query: RowQuery): TelemetryRow[];
  /** The first row that fits, as soon as there is one. Rejects after `timeoutMs`, saying what there is instead. */
  waitFor(predicate: (row: TelemetryRow) => boolean, timeoutMs: number): Promise<TelemetryRow>;
  close(): Promise<void>;
}

const REMEMBERED = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * Starts what stands for Application Insights: it speaks the ingestion protocol to the real exporter, keeps what it
 * gets and answers simple queries. Live metrics are answered with "nobody watches".
 *
 * What `applicationinsights` 3.16 needs to reach it (tests/local/telemetry/emit-telemetry.ts does all of it):
 * - `azureMonitorExporterOptions: { connectionString, host: <url>, allowInsecureConnection: true,
 *   disableOfflineStorage: true }`: by itself it turns the connection string's `http://` into `https://`.
 * - `tracesPerSecond: 0, samplingRatio: 1`, or at most five spans a second get through.
 * - `enableLiveMetrics: false`: it is on by default, whatever its documentation says, and knows https only.
 * - Metrics leave every 60 s. Only the environment changes that (`OTEL_METRIC_EXPORT_INTERVAL`, milliseconds);
 *   `flushAzureMonitor()` sends what there is.
 * - `APPLICATION_INSIGHTS_NO_STATSBEAT=1` in the environment before the package loads, or it reports to its vendor.
 */
export async function startTelemetrySink(options: SinkOptions): Promise<Sink> {
  const log = await openEnvelopeLog(options.folder, options.maxBytes ?? MAX_BYTES);
  const rows: TelemetryRow[] = [];
  const watchers = new Set<(row: TelemetryRow) => void>();

  const keep = (body: TrackBody): Promise<void> => {
    const added = body.accepted.flatMap(({ envelope }) => rowsOf(envelope));
    rows.push(...added);
    // Trimmed now and then: moving 20,000 rows for every request would be most of the work.
    if (rows.length > REMEMBERED * 1.1) rows.splice(0, rows.length - REMEMBERED);
    for (const row of added) for (const watcher of watchers) watcher(row);
    return log.append(body.accepted.map(({ line }) => line));
  };

  const track = async (request: ServiceRequest): Promise<ServiceReply> => {
    let body: TrackBody;
    try {
      body = readTrackBody(request.body, request.headers["content-encoding"]);
    } catch (error) {
      const errors = [{ index: 0, statusCode: 400, message: messageOf(error) }];
      return { status: 400, body: { itemsReceived: 0, itemsAccepted: 0, errors } };
    }
    const { received, accepted, errors } = body;
    if (accepted.length > 0) await keep(body);
    const status = errors.length === 0 ? 200 : accepted.length > 0 ? 206 : 400;
    return { status, body: { itemsReceived: received, itemsAccepted: accepted.length, errors } };
  };

  const service = await startHttpService({
    name: "embedded telemetry sink",
    port: options.port,
    maxBodyBytes: MAX_BODY_BYTES,
    answer(request) {
      const { pathname } = request.url;
      if (pathname === "/v2.1/track" || pathname === "/v2/track") return track(request);
      if (pathname.startsWith("/QuickPulseService.svc/")) {
        return { status: 200, headers: { "x-ms-qps-subscribed": "false" }, body: {} };
      }
      return problem(404, "NotFound", "The embedded telemetry sink takes POST /v2.1/track.");
    },
  });

  return {
    connectionString: [
      `InstrumentationKey=${randomUUID()}`,
      `IngestionEndpoint=${service.url}/`,
      `LiveEndpoint=${service.url}/`,
    ].join(";"),
    url: service.url,
    query({ table, name, since, where }) {
      return rows.filter(
        (row) =>
          (table === undefined || row.table === table) &&
          (name === undefined || row.name === name) &&
          (since === undefined || Date.parse(row.timestamp) >= since.getTime()) &&
          (where === undefined || where(row)),
      );
    },
    waitFor(predicate, timeoutMs) {
      const present = rows.find(predicate);
      if (present) return Promise.resolve(present);
      return new Promise((resolve, reject) => {
        const watcher = (row: TelemetryRow): void => {
          if (!predicate(row)) return;
          stop();
          resolve(row);
        };
        const timer = setTimeout(() => {
          stop();
          const names = [...new Set(rows.map((row) => `${row.table}/${row.name}`))].join(", ");
          reject(new Error(`No such telemetry within ${timeoutMs} ms. There is: ${names || "nothing"}.`));
        }, timeoutMs);
        const stop = (): void => {
          clearTimeout(timer);
          watchers.delete(watcher);
        };
        watchers.add(watcher);
      });
    },
    close: () => service.close(),
  };
}
