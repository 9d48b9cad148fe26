import { OFFLINE_STAND_IN } from "../../shared/model/offline-stand-in.ts";
import type { ModelSettings, Settings } from "../../shared/settings.ts";
import { CommandError } from "../command-error.ts";
import type { Connection } from "../connection.ts";

/** It computes on one core: more calls at once would only wait inside it, and look slow. */
const STAND_IN_CONCURRENCY = 4;
const TIMEOUT_MS = 5_000;

/**
 * The model that answers and judges in this process: that of the settings, else the stand-in of the embedded platform
 * that runs here. Throws `CommandError` that names the settings where there is neither.
 */
export async function modelToUse(settings: Settings, connection: Connection): Promise<ModelSettings> {
  if (settings.model.connection) return settings.model;
  const fix =
    "Set AZURE_OPENAI_ENDPOINT, or OPENAI_API_KEY, or OPENAI_BASE_URL for a local server; or run `npm start`, whose offline stand-in answers then.";
  const address = connection.local?.model;
  if (!address) throw new CommandError(`There is no model to answer. ${fix}`);
  if (!(await isStandIn(address))) {
    throw new CommandError(
      `The platform answers by the model at ${address}, whose settings this command was not given. ${fix}`,
    );
  }
  return {
    connection: { kind: "openai", baseUrl: address, apiKey: undefined },
    service: OFFLINE_STAND_IN,
    chat: OFFLINE_STAND_IN,
    judge: OFFLINE_STAND_IN,
    embedding: OFFLINE_STAND_IN,
    concurrency: STAND_IN_CONCURRENCY,
  };
}

async function isStandIn(address: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${address}/models`, { signal });
    const list = (await response.json()) as { data?: { id?: string }[] };
    return (list.data ?? []).some(({ id }) => id === OFFLINE_STAND_IN);
  } catch {
    return false;
  }
}
