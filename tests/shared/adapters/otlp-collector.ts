import { type HttpService, startHttpService } from "../../../local/events/http-service.ts";
import { type OtlpSettings, otlpSettingsOf } from "../../../shared/otlp-settings.ts";
import { readOtlpMessage } from "./otlp-messages.ts";

/** What of OTLP the tests look at, as its JSON has it. */
export interface OtlpRequest {
  path: string;
  /** `traces`, `metrics` or `logs`. */
  signal: string;
  headers: Record<string, unknown>;
  body: unknown;
}

/** Speaks the HTTP forms of OTLP, protobuf and JSON, as far as taking in goes; below any path. */
export async function startOtlpCollector(): Promise<
  HttpService & { requests: OtlpRequest[]; settings: OtlpSettings }
> {
  const requests: OtlpRequest[] = [];
  const service = await startHttpService({
    name: "collector",
    maxBodyBytes: 10 * 1024 * 1024,
    answer({ method, url, headers, body }) {
      const signal = /\/(traces|metrics|logs)$/.exec(url.pathname)?.[1];
      if (method !== "POST" || signal === undefined) return { status: 404 };
      const read = {
        "application/json": () => JSON.parse(body.toString("utf8")) as unknown,
        "application/x-protobuf": () => readOtlpMessage(signal, body),
      }[String(headers["content-type"])];
      if (!read) return { status: 415 };
      requests.push({ path: url.pathname, signal, headers, body: read() });
      return { status: 200, body: {} };
    },
  });
  const settings = otlpSettingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: service.url }) ?? {};
  return Object.assign(service, { requests, settings });
}

/** Whether a request of the signal holds the text, as names and values are written. */
export function hasArrived(requests: readonly OtlpRequest[], signal: string, ...texts: string[]): boolean {
  return requests.some(
    (request) =>
      request.signal === signal && texts.every((text) => JSON.stringify(request.body).includes(text)),
  );
}
