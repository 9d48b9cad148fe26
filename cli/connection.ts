import { readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { Settings, StorageSettings } from "../shared/settings.ts";

/** Where the platform is, and what the command may use of it. */
export interface Connection {
  /** Without a slash at the end. */
  url: string;
  key: string | undefined;
  /** Undefined where nothing says which storage the platform reads. */
  storage: StorageSettings | undefined;
  /** What the embedded platform wrote about itself, where it is the one meant. */
  local: LocalPlatform | undefined;
}

/** `<data folder>/local.json`, as the embedded platform writes it when it is ready. */
type LocalPlatform = z.infer<typeof localPlatformSchema>;

const localPlatformSchema = z.object({
  host: z.string(),
  storage: z.string(),
  model: z.string().optional(),
  telemetry: z.string().optional(),
  topic: z.string().optional(),
  pid: z.number().optional(),
  key: z.string().optional(),
});

/**
 * The platform meant: the one of `--url`, else of FLOWGATE_URL, else the embedded one that runs over this folder or
 * one above it, else whatever answers on the port of the settings. An embedded platform lends its key and its
 * storage only where it is the one meant.
 */
export async function findConnection(
  settings: Settings,
  flags: { url?: string | undefined; key?: string | undefined },
  current: string,
): Promise<Connection> {
  const named = flags.url ?? settings.remote.url;
  const running = await readLocalPlatform(settings.dataFolder, current);
  const url = (named ?? running?.host ?? `http://127.0.0.1:${settings.port}`).replace(/\/+$/, "");
  const local = running?.host.replace(/\/+$/, "") === url ? running : undefined;
  return {
    url,
    key: flags.key ?? settings.remote.key ?? local?.key ?? (await tokenFor(settings, named)),
    storage: settings.storage ?? (local && { connectionString: local.storage }),
    local,
  };
}

/** A platform that takes tokens of Microsoft Entra ID is asked with one of who runs the command. */
async function tokenFor(settings: Settings, named: string | undefined): Promise<string | undefined> {
  const { entra } = settings.access;
  if (named === undefined || entra === undefined) return undefined;
  const { platformToken } = await import("../shared/adapters/azure/platform-token.ts");
  return platformToken(entra.audience, settings.workflowIdentity);
}

async function readLocalPlatform(dataFolder: string, current: string): Promise<LocalPlatform | undefined> {
  for (let folder = path.resolve(current); ; folder = path.dirname(folder)) {
    const file = path.resolve(folder, dataFolder, "local.json");
    const text = await readFile(file, "utf8").catch(() => undefined);
    const platform = text === undefined ? undefined : parseLocalPlatform(text);
    if (platform) return platform;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** Undefined for a file that is half written or of another version: as if no platform ran. */
function parseLocalPlatform(text: string): LocalPlatform | undefined {
  try {
    return localPlatformSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
