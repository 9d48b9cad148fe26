import type { OpenAI } from "openai";
import { SettingsError } from "../../errors.ts";
import type { ModelSettings } from "../../settings.ts";
import { PROVIDER_AZURE_OPENAI, PROVIDER_OPENAI } from "../../model/telemetry-names.ts";
import type { Dispatcher } from "undici";
import { modelPackages } from "../load-later.ts";
import { createAgent, createUndiciFetch } from "../undici-fetch.ts";
import { createLazyCredential } from "./lazy-credential.ts";

/** The newest dated version of Azure OpenAI's API that is generally available. */
const AZURE_API_VERSION = "2024-10-21";
const AZURE_SCOPE = "https://cognitiveservices.azure.com/.default";
const CALL_TIMEOUT_MS = 60_000;

export interface ModelClient {
  openai: OpenAI;
  /** Its connections, for calls that go around the client. */
  dispatcher: Dispatcher;
  /** As telemetry names it. */
  provider: string;
  serverAddress: string;
}

/**
 * The `openai` client for the settings' connection, with its own retries off. Azure OpenAI by deployment, or by its
 * `/openai/v1` endpoint where the address says so; without a key by the process's identity.
 */
export function createModelClient(connection: ModelSettings["connection"]): ModelClient {
  if (!connection) {
    throw new SettingsError(
      "No model is set. Set AZURE_OPENAI_ENDPOINT, or OPENAI_API_KEY, or OPENAI_BASE_URL for a local server.",
    );
  }
  const dispatcher = createAgent();
  const options = { maxRetries: 0, timeout: CALL_TIMEOUT_MS, fetch: createUndiciFetch(dispatcher) };
  const openai =
    connection.kind === "azure" ? azureClient(connection, options) : openaiClient(connection, options);
  return {
    openai,
    dispatcher,
    provider: connection.kind === "azure" ? PROVIDER_AZURE_OPENAI : PROVIDER_OPENAI,
    serverAddress: new URL(openai.baseURL).hostname,
  };
}

type Options = { maxRetries: number; timeout: number; fetch: typeof fetch };

function openaiClient(
  connection: { baseUrl: string | undefined; apiKey: string | undefined },
  options: Options,
): OpenAI {
  const { OpenAI } = modelPackages();
  // Local servers take any key, and the client insists on one.
  const apiKey = connection.apiKey ?? "none";
  return new OpenAI({ ...options, apiKey, baseURL: connection.baseUrl ?? "https://api.openai.com/v1" });
}

function azureClient(connection: { endpoint: string; apiKey: string | undefined }, options: Options): OpenAI {
  const { AzureOpenAI, OpenAI } = modelPackages();
  const endpoint = connection.endpoint.replace(/\/+$/, "");
  const key = connection.apiKey;
  if (endpoint.endsWith("/openai/v1")) {
    return new OpenAI({ ...options, baseURL: endpoint, apiKey: key ?? entraToken() });
  }
  const baseURL = endpoint.endsWith("/openai") ? endpoint : `${endpoint}/openai`;
  const azure = { ...options, baseURL, apiVersion: AZURE_API_VERSION };
  return new AzureOpenAI(key ? { ...azure, apiKey: key } : { ...azure, azureADTokenProvider: entraToken() });
}

/** A fresh Entra token when asked for; the provider caches it until shortly before it ends. */
function entraToken(): () => Promise<string> {
  let provider: Promise<() => Promise<string>> | undefined;
  return async () => {
    provider ??= import("@azure/identity").then((identity) =>
      identity.getBearerTokenProvider(createLazyCredential(), AZURE_SCOPE),
    );
    return (await provider)();
  };
}
