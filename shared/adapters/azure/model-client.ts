import type { Dispatcher } from "undici";
import { SettingsError } from "../../errors.ts";
import { PROVIDER_AZURE_OPENAI, PROVIDER_OPENAI } from "../../model/telemetry-names.ts";
import type { ModelSettings } from "../../settings.ts";
import { createAgent } from "../undici-fetch.ts";
import { createLazyCredential } from "./lazy-credential.ts";

/** The newest dated version of Azure OpenAI's API that is generally available. */
const AZURE_API_VERSION = "2024-10-21";
const AZURE_SCOPE = "https://cognitiveservices.azure.com/.default";

/** How a model service is asked: where, and with which right. */
export interface ModelClient {
  /** Where an operation (`/chat/completions`, `/embeddings`) of a model or deployment is. */
  urlOf(operation: string, model: string): string;
  /** The header that proves who asks: its name and its value. */
  authorization(): Promise<[name: string, value: string]>;
  dispatcher: Dispatcher;
  /** As telemetry names it. */
  provider: string;
  serverAddress: string;
}

type Connection = NonNullable<ModelSettings["connection"]>;

/**
 * How the settings' connection is asked. Azure OpenAI by deployment, or by its `/openai/v1` endpoint where the address
 * says so; without a key by the process's identity.
 */
export function createModelClient(connection: ModelSettings["connection"]): ModelClient {
  if (!connection) {
    throw new SettingsError(
      "No model is set. Set AZURE_OPENAI_ENDPOINT, or OPENAI_API_KEY, or OPENAI_BASE_URL for a local server.",
    );
  }
  const base = baseOf(connection);
  return {
    ...(connection.kind === "openai" || base.endsWith("/openai/v1")
      ? { urlOf: (operation) => base + operation, authorization: bearer(keyOf(connection)) }
      : {
          urlOf: (operation, model) =>
            `${base}/deployments/${encodeURIComponent(model)}${operation}?api-version=${AZURE_API_VERSION}`,
          authorization: connection.apiKey === undefined ? bearer(entraToken()) : apiKey(connection.apiKey),
        }),
    dispatcher: createAgent(),
    provider: connection.kind === "azure" ? PROVIDER_AZURE_OPENAI : PROVIDER_OPENAI,
    serverAddress: new URL(base).hostname,
  };
}

function baseOf(connection: Connection): string {
  if (connection.kind === "openai") {
    return (connection.baseUrl ?? "https://api.openai.com/v1").replace(/\/+$/, "");
  }
  const endpoint = connection.endpoint.replace(/\/+$/, "");
  return /\/openai(\/v1)?$/.test(endpoint) ? endpoint : `${endpoint}/openai`;
}

type Token = () => Promise<string>;

function keyOf({ kind, apiKey }: Connection): string | Token {
  // Local servers take any key, and some insist on one.
  return apiKey ?? (kind === "openai" ? "none" : entraToken());
}

const bearer =
  (token: string | Token): ModelClient["authorization"] =>
  async () => ["authorization", `Bearer ${typeof token === "string" ? token : await token()}`];

const apiKey =
  (key: string): ModelClient["authorization"] =>
  () =>
    Promise.resolve(["api-key", key]);

/** A fresh Entra token when asked for; the provider caches it until shortly before it ends. */
function entraToken(): Token {
  let provider: Promise<Token> | undefined;
  return async () => {
    provider ??= import("@azure/identity").then((identity) =>
      identity.getBearerTokenProvider(createLazyCredential(), AZURE_SCOPE),
    );
    return (await provider)();
  };
}
