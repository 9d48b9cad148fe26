import { messageOf, ModelError, NotFoundError, type ModelErrorKind } from "../../errors.ts";
import {
  FLOWGATE_FLOW,
  FLOWGATE_VERSION,
  OPERATION_NAME,
  SERVER_ADDRESS,
} from "../../model/telemetry-names.ts";
import type { CallContext } from "../../ports/chat-model.ts";
import type { Clock } from "../../ports/clock.ts";
import type { SearchIndex, SearchQuery } from "../../ports/search-index.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { SearchConnection } from "../../settings.ts";
import { createCallLimiter } from "../call-limiter.ts";
import { retryModelCall } from "../retry-model-call.ts";
import { createUndiciFetch } from "../undici-fetch.ts";
import { createLazyCredential, type LazyCredential } from "./lazy-credential.ts";

const API_VERSION = "2024-07-01";
const SCOPE = "https://search.azure.com/.default";
const TIMEOUT_MS = 20_000;
/** Per connection and process. */
const SEARCHES_AT_ONCE = 64;
/** How many neighbours of the vector a hybrid query ranks, as the service advises. */
const HYBRID_NEIGHBOURS = 50;
/** No record of a shop has a list of so many numbers; a vector does. */
const SHORTEST_VECTOR = 64;

/**
 * Azure AI Search by its REST interface (Documents - Search Post), with an API key or by the process's identity.
 * Throttled and failed calls are repeated inside. `connections` are those of the settings, by name.
 */
export function createSearchIndex(
  connections: Readonly<Record<string, SearchConnection>>,
  telemetry: Telemetry,
  clock: Clock,
  credential: LazyCredential = createLazyCredential(),
): SearchIndex {
  const fetch = createUndiciFetch();
  const limiter = createCallLimiter(SEARCHES_AT_ONCE, clock);

  async function post(
    connection: SearchConnection,
    query: SearchQuery,
    context: CallContext,
  ): Promise<Hit[]> {
    const endpoint = connection.endpoint.replace(/\/+$/, "");
    const url = `${endpoint}/indexes/${encodeURIComponent(query.index)}/docs/search?api-version=${API_VERSION}`;
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = context.signal ? AbortSignal.any([context.signal, timeout]) : timeout;
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...(await authorization(connection, credential)) },
        body: JSON.stringify(searchBody(query)),
        signal,
      });
      const text = await response.text();
      if (!response.ok) throw refusal(query, response, text);
      return hitsOf(text);
    } catch (error) {
      if (error instanceof ModelError) throw error;
      const left = context.signal?.aborted === true;
      const kind: ModelErrorKind = left ? "aborted" : timeout.aborted ? "timeout" : "unavailable";
      const message = kind === "timeout" ? "it did not answer in time" : messageOf(error);
      throw new ModelError(`The search service ${query.connection} failed: ${message}`, {
        kind,
        cause: error,
      });
    }
  }

  return {
    async search(query, context) {
      const connection = Object.hasOwn(connections, query.connection)
        ? connections[query.connection]
        : undefined;
      if (connection === undefined) throw unknownConnection(query.connection, Object.keys(connections));
      const span = telemetry.startSpan(`retrieval ${query.connection}/${query.index}`, "client", {
        [OPERATION_NAME]: "retrieval",
        [SERVER_ADDRESS]: new URL(connection.endpoint).hostname,
        [FLOWGATE_FLOW]: context.flow,
        [FLOWGATE_VERSION]: context.version,
      });
      try {
        const { result: hits, release } = await retryModelCall(() => post(connection, query, context), {
          limiter,
          deployment: query.connection,
          context,
          clock,
        });
        release();
        return hits.filter((hit) => reaches(hit, query)).map((hit) => recordOf(hit, query.fields));
      } catch (error) {
        span.fail(error instanceof ModelError ? error.kind : "failed", "The search failed.");
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

type Hit = Record<string, unknown>;

function unknownConnection(name: string, known: string[]): NotFoundError {
  const list = known.length === 0 ? "There are none." : `Known connections: ${known.sort().join(", ")}.`;
  return new NotFoundError(`There is no connection ${name}. ${list} Add it to FLOWGATE_CONNECTIONS.`);
}

async function authorization(
  { apiKey }: SearchConnection,
  credential: LazyCredential,
): Promise<Record<string, string>> {
  if (apiKey !== undefined) return { "api-key": apiKey };
  const token = await credential.getToken(SCOPE);
  return { authorization: `Bearer ${token?.token ?? ""}` };
}

/** The body of the search. A word that Lucene's syntax would take for an operator is searched as it is. */
function searchBody({ mode, text, vector, fields, top }: SearchQuery): object {
  const words = mode === "vector" ? {} : { search: escaped(text), queryType: "simple", searchMode: "any" };
  if (mode === "keyword" || vector === undefined) return { ...words, top };
  const k = mode === "hybrid" ? Math.max(top, HYBRID_NEIGHBOURS) : top;
  return {
    ...words,
    top,
    vectorQueries: [{ kind: "vector", vector: Array.from(vector), fields: fields.join(","), k }],
  };
}

/** The operators of the simple query syntax, which people's questions are full of. */
function escaped(text: string): string {
  return text.replaceAll(/[+|"()'\\]|(?<!\S)-|\*(?!\S)|~(?=\d|\s|$)/g, String.raw`\$&`);
}

function hitsOf(text: string): Hit[] {
  const { value } = JSON.parse(text) as { value?: unknown };
  if (!Array.isArray(value)) throw new TypeError("its answer holds no list of documents");
  return value as Hit[];
}

/**
 * Whether a hit reaches the least score. In vector queries the service scores `1 / (1 + (1 - cosine))`
 * (learn.microsoft.com/azure/search/vector-search-ranking), so the cosine is `2 - 1 / score`.
 */
function reaches(hit: Hit, { mode, minimumScore }: SearchQuery): boolean {
  if (minimumScore === undefined) return true;
  const score = Number(hit["@search.score"]);
  return (mode === "vector" ? 2 - 1 / score : score) >= minimumScore;
}

/** A hit without the service's annotations and without vectors, which no prompt has a use for. */
function recordOf(hit: Hit, vectorFields: readonly string[]): Record<string, unknown> {
  const kept = Object.entries(hit).filter(
    ([name, value]) => !name.startsWith("@") && !vectorFields.includes(name) && !isVector(value),
  );
  return Object.fromEntries(kept);
}

function isVector(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length >= SHORTEST_VECTOR && value.every((item) => typeof item === "number")
  );
}

function refusal(query: SearchQuery, response: Response, body: string): ModelError {
  const { status, headers } = response;
  const said = errorMessage(body);
  const what = `The search service ${query.connection} refused index ${query.index}`;
  const message = `${what} (HTTP ${status})${said === undefined ? "" : `: ${said}`}${hintFor(status)}`;
  return new ModelError(message, { kind: kindOf(status), status, cause: { headers } });
}

function errorMessage(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } };
    return typeof error?.message === "string" ? error.message.slice(0, 500) : undefined;
  } catch {
    return undefined;
  }
}

function kindOf(status: number): ModelErrorKind {
  if (status === 429 || status === 503) return "throttled";
  if (status === 408) return "timeout";
  return status >= 500 ? "unavailable" : "invalid";
}

function hintFor(status: number): string {
  if (status === 401 || status === 403) {
    return " Check the connection's apiKey, or give the app's identity the role Search Index Data Reader.";
  }
  if (status === 404) return " Check the index's name and the connection's endpoint.";
  return status === 400
    ? " Check that fields names the index's vector fields and that its model is ours."
    : "";
}
