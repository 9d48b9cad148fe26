import { type HttpService, startHttpService } from "../../../local/events/http-service.ts";

/** What of OTLP's JSON the tests look at. */
export interface OtlpRequest {
  /** `traces`, `metrics` or `logs`. */
  signal: string;
  headers: Record<string, unknown>;
  body: unknown;
}

/** Speaks the HTTP form of OTLP as far as taking in goes. */
export async function startOtlpCollector(): Promise<HttpService & { requests: OtlpRequest[] }> {
  const requests: OtlpRequest[] = [];
  const service = await startHttpService({
    name: "collector",
    maxBodyBytes: 10 * 1024 * 1024,
    answer({ method, url, headers, body }) {
      const signal = /^\/v1\/(traces|metrics|logs)$/.exec(url.pathname)?.[1];
      if (method !== "POST" || signal === undefined) return { status: 404 };
      requests.push({ signal, headers, body: JSON.parse(body.toString("utf8")) });
      return { status: 200, body: {} };
    },
  });
  return Object.assign(service, { requests });
}

/** Whether a request of the signal holds the text, as names and values are written. */
export function hasArrived(requests: readonly OtlpRequest[], signal: string, ...texts: string[]): boolean {
  return requests.some(
    (request) =>
      request.signal === signal && texts.every((text) => JSON.stringify(request.body).includes(text)),
  );
}
