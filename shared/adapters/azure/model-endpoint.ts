import { sendRequest, type RawResponse } from "../send-request.ts";
import { plainHeaders } from "../undici-fetch.ts";
import type { ModelClient } from "./model-client.ts";
import { ModelConnectionError, ModelServiceError } from "./model-service-error.ts";

/** Where a deployment is asked. */
interface Endpoint {
  origin: string;
  path: string;
  /** Names and values in turn; they hold the key or a token. */
  headers: string[];
  madeAt: number;
}

/** A token is renewed minutes before it ends, so that one of this age still holds. */
const FRESH_MS = 60_000;
/** The service has said nothing at all for so long. */
const FIRST_BYTE_MS = 60_000;

/**
 * Posts to one of a model service's operations (`/chat/completions`, `/embeddings`). Resolves with a reply that is a
 * success. Throws `ModelServiceError` for any other, `ModelConnectionError` where none came, and the signal's reason
 * where it was aborted.
 */
export function createModelEndpoint(client: ModelClient, operation: string) {
  const endpoints = new Map<string, Endpoint>();

  async function endpointOf(model: string): Promise<Endpoint> {
    const known = endpoints.get(model);
    if (known && performance.now() - known.madeAt < FRESH_MS) return known;
    const { origin, pathname, search } = new URL(client.urlOf(operation, model));
    const headers = ["accept", "application/json", "content-type", "application/json"];
    headers.push(...(await client.authorization()));
    const endpoint = { origin, path: pathname + search, headers, madeAt: performance.now() };
    // Flows name their models: a few each.
    if (endpoints.size > 1_000) endpoints.clear();
    endpoints.set(model, endpoint);
    return endpoint;
  }

  return async (model: string, body: object, signal: AbortSignal | undefined): Promise<RawResponse> => {
    signal?.throwIfAborted();
    const { origin, path, headers } = await endpointOf(model);
    const request = {
      origin,
      path,
      method: "POST" as const,
      headers,
      body: JSON.stringify(body),
      headersTimeout: FIRST_BYTE_MS,
    };
    const response = await sendRequest(client.dispatcher, request, signal).catch((error: unknown) => {
      throw signal?.aborted ? error : new ModelConnectionError(error);
    });
    if (response.status >= 200 && response.status < 300) return response;
    if (response.status === 401) endpoints.delete(model);
    throw await statusError(response);
  };
}

async function statusError({ status, headers, body }: RawResponse): Promise<Error> {
  const text = await body.text().catch(() => "");
  return new ModelServiceError({
    status,
    headers: plainHeaders(headers),
    error: errorIn(text),
    text: text.slice(0, 500),
  });
}

function errorIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { error?: unknown } | null)?.error;
  } catch {
    return undefined;
  }
}
