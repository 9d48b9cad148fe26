import { modelPackages } from "../load-later.ts";
import { sendRequest, type RawResponse } from "../send-request.ts";
import { plainHeaders } from "../undici-fetch.ts";
import type { ModelClient } from "./model-client.ts";

/** Where a deployment's chat completions are asked for, as the `openai` client would ask. */
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
 * Posts chat completions where and as the `openai` client does: address, version and authentication are the client's,
 * asked once a minute and not for each call, as building a request costs more than all else about a call. Resolves with
 * an answer that is a success; rejects with the client's own errors.
 */
export function createCompletionsEndpoint({ openai, dispatcher }: ModelClient) {
  const endpoints = new Map<string, Endpoint>();

  async function endpointOf(model: string): Promise<Endpoint> {
    const known = endpoints.get(model);
    if (known && performance.now() - known.madeAt < FRESH_MS) return known;
    const { url, req } = await openai.buildRequest({
      method: "post",
      path: "/chat/completions",
      body: { model },
    });
    const { origin, pathname, search } = new URL(url);
    const headers: string[] = [];
    for (const [name, value] of req.headers) if (name !== "content-length") headers.push(name, value);
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
    const response = await sendRequest(dispatcher, request, signal).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      const { APIConnectionError } = modelPackages().OpenAI;
      throw new APIConnectionError({ cause: error as Error });
    });
    if (response.status >= 200 && response.status < 300) return response;
    if (response.status === 401) endpoints.delete(model);
    throw await statusError(response);
  };
}

async function statusError({ status, headers, body }: RawResponse): Promise<Error> {
  const text = await body.text().catch(() => "");
  const said = parsed(text);
  const error = typeof said === "object" && said !== null ? said : undefined;
  return modelPackages().OpenAI.APIError.generate(
    status,
    error,
    error === undefined ? text.slice(0, 500) : undefined,
    // The client's errors ask only for single headers by name.
    plainHeaders(headers) as Headers,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
